// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import type { ProbeParser } from '../../../src/probes/probe.js';
import { LineSplitter } from '../../../src/probes/lines.js';

/** The lines that recorded/record-connect.sh wrote into one file. */
export function recordedLines(file: string): string[] {
  const splitter = new LineSplitter();
  const lines = splitter.push(readFileSync(new URL(`recorded/${file}`, import.meta.url)));
  return [...lines, ...splitter.end()];
}

/** Feeds a parser with stdout lines and an exit code. */
export function parse<Event, Outcome>(
  parser: ProbeParser<Event, Outcome>,
  lines: readonly string[],
  exitCode = 0,
): { events: Event[]; outcomes: Outcome[] } {
  const events = lines.flatMap((line) => parser.stdout(line));
  return { events, outcomes: parser.end(exitCode) };
}

/** Output of nobody's: words of the real protocol in any order, numbers in and out of range, and any text. */
export const garbageWords = [
  '@attempt', '@resolved', '@unresolved', '@missing', '@done', '@end', '@handshake', '@certificate', '@verified',
  '@error', '@timeout', '@listening', '@seen', '@tool', '0', '1', '2', '3', '-1', '-', '1.5', 'NaN', '99999999999999999',
  'connecte', 'Connected', 'timeout', 'failed', 'silent', 'ok', 'refused', 'Udp:', 'Udp6InDatagrams', '', ' ',
  '__proto__', 'constructor',
]; // prettier-ignore

// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
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

const words = [
  '@attempt', '@resolved', '@unresolved', '@missing', '@done', '@end', '@handshake', '@certificate', '@verified',
  '@error', '@timeout', '@listening', '@seen', '@tool', '0', '1', '2', '3', '-1', '-', '1.5', 'NaN', '99999999999999999',
  'connecte', 'answere', 'timeout', 'failed', 'silent', 'ok', 'refused', 'Udp:', 'Udp6InDatagrams', '', ' ', '__proto__',
]; // prettier-ignore

/** Lines that no script of ours prints: its words, but never those for success, in any order, and any text. */
export const garbageLines = fc.array(
  fc.oneof(
    fc.string(),
    fc.array(fc.oneof(fc.constantFrom(...words), fc.string()), { maxLength: 8 }).map((line) => line.join(' ')),
  ),
  { maxLength: 40 },
);

/** Recorded lines as a bad connection might bring them: some missing, some cut short, the order kept. */
export function damagedLines(lines: readonly string[]): fc.Arbitrary<string[]> {
  const fate = fc.oneof({ weight: 4, arbitrary: fc.constant('keep') }, fc.constantFrom('drop', 'cut'));
  return fc
    .array(fc.record({ fate, at: fc.nat({ max: 60 }) }), { minLength: lines.length, maxLength: lines.length })
    .map((fates) =>
      lines.flatMap((line, number) => {
        const { fate, at } = fates[number] ?? { fate: 'keep', at: 0 };
        return fate === 'keep' ? [line] : fate === 'drop' ? [] : [line.slice(0, at)];
      }),
    );
}

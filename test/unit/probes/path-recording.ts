// SPDX-License-Identifier: Apache-2.0
import { readFileSync, readdirSync } from 'node:fs';
import { mtuParser, type MtuOutcome, type MtuRequest } from '../../../src/probes/mtu.js';
import type { ProbeDestination, ProbeParser } from '../../../src/probes/probe.js';
import { traceParser, type TraceMethod, type TraceOutcome, type TraceRequest } from '../../../src/probes/trace.js';

/** What record-paths.sh wrote down of one command. */
interface Recording {
  words: string[];
  stdout: string;
  stderr: string;
  exitCode: number;
}

export function recordings(probe: 'mtu' | 'trace'): string[] {
  const files = readdirSync(new URL(`./recorded/${probe}/`, import.meta.url));
  return files.map((file) => file.replace(/\.txt$/, ''));
}

function readRecording(probe: 'mtu' | 'trace', name: string): Recording {
  const text = readFileSync(new URL(`./recorded/${probe}/${name}.txt`, import.meta.url), 'utf8');
  const parts = /^== arguments\n(.*)\n== stdout\n([^]*?)== stderr\n([^]*?)== exit\n(\d+)\n$/.exec(text);
  if (!parts) throw new Error(`${name}.txt is no recording`);
  const [, words = '', stdout = '', stderr = '', exitCode] = parts;
  return { words: words.split(' '), stdout, stderr, exitCode: Number(exitCode) };
}

function destinationsOf(words: readonly string[]): ProbeDestination[] {
  const destinations: ProbeDestination[] = [];
  for (let at = 0; at < words.length; at += 4) {
    const [index, family, kind, word = ''] = words.slice(at, at + 4);
    const named = kind === 'host' ? { host: word } : { address: word };
    destinations.push({ index: Number(index), family: family === '6' ? 6 : 4, ...named });
  }
  return destinations;
}

export function parse<Outcome>(
  parser: ProbeParser<unknown, Outcome>,
  { stdout, stderr, exitCode }: Pick<Recording, 'stdout' | 'stderr' | 'exitCode'>,
): Outcome[] {
  for (const line of stdout.split('\n').slice(0, -1)) parser.stdout(line);
  for (const line of stderr.split('\n').slice(0, -1)) parser.stderr(line);
  return parser.end(exitCode);
}

/** The outcomes of a recording of mtu.sh, by the index of the destination. `cut`: as if the last so many lines were missing. */
export function mtuOutcomes(name: string, cut = 0): MtuOutcome[] {
  const recording = readRecording('mtu', name);
  const [, , , most, ...words] = recording.words;
  const request: MtuRequest = {
    destinations: destinationsOf(words),
    ...(most === '-' ? {} : { maxBytes: Number(most) }),
  };
  const lines = recording.stdout.split('\n');
  const stdout = cut === 0 ? recording.stdout : `${lines.slice(0, -1 - cut).join('\n')}\n`;
  return parse(mtuParser(request), { ...recording, stdout });
}

/** The outcomes of a recording of trace.sh, by the index of the destination. */
export function traceOutcomes(name: string): TraceOutcome[] {
  const recording = readRecording('trace', name);
  const [, , method, count, maxHops, port, , ...words] = recording.words;
  const request: TraceRequest = {
    destinations: destinationsOf(words),
    method: method as TraceMethod,
    count: Number(count),
    maxHops: Number(maxHops),
    ...(port === '-' ? {} : { port: Number(port) }),
  };
  return parse(traceParser(request), recording);
}

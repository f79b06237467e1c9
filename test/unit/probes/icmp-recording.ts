// SPDX-License-Identifier: Apache-2.0
import { readFileSync, readdirSync } from 'node:fs';
import type { IcmpEvent, IcmpOutcome, IcmpRequest } from '../../../src/probes/icmp.js';
import { icmpParser } from '../../../src/probes/icmp.js';

const folder = new URL('./recorded/icmp/', import.meta.url);

/** What record-icmp.sh wrote down of one command. */
export interface Recording {
  name: string;
  arguments: string[];
  stdout: string;
  stderr: string;
  exitCode: number;
}

export function readRecording(name: string): Recording {
  const text = readFileSync(new URL(`${name}.txt`, folder), 'utf8');
  const parts = /^== arguments\n(.*)\n== stdout\n([^]*?)== stderr\n([^]*?)== exit\n(\d+)\n$/.exec(text);
  if (!parts) throw new Error(`${name}.txt is no recording`);
  const [, words = '', stdout = '', stderr = '', exitCode] = parts;
  return { name, arguments: words.split(' '), stdout, stderr, exitCode: Number(exitCode) };
}

/** Names of all recordings of the script. */
export function scriptRecordings(): string[] {
  return readdirSync(folder)
    .filter((file) => file.startsWith('script-'))
    .map((file) => file.replace(/\.txt$/, ''));
}

/** The request that the recorded arguments of the script stand for. */
export function requestOf(recording: Recording): IcmpRequest {
  const [leash, , count, intervalMs, replyTimeoutMs, size, ttl, dontFragment, deadline, ...rest] = recording.arguments;
  const optional = (word: string | undefined) => (word === '-' ? undefined : Number(word));
  const destinations: IcmpRequest['destinations'] = [];
  for (let at = 0; at < rest.length; at += 4) {
    const [index, family, kind, word = ''] = rest.slice(at, at + 4);
    destinations.push({
      index: Number(index),
      family: family === '6' ? 6 : 4,
      ...(kind === 'host' ? { host: word } : { address: word }),
    });
  }
  return {
    destinations,
    count: Number(count),
    intervalMs: Number(intervalMs),
    replyTimeoutMs: Number(replyTimeoutMs),
    sizeBytes: optional(size),
    ttl: optional(ttl),
    dontFragment: dontFragment === 'yes',
    deadlineMs: optional(deadline),
    leash: leash === 'yes',
  };
}

/** The events and outcomes that lines of output give. */
export function parse(
  request: IcmpRequest,
  stdout: string,
  stderr = '',
  exitCode = 0,
): { events: IcmpEvent[]; outcomes: IcmpOutcome[] } {
  const parser = icmpParser(request);
  const lines = (text: string) => text.split('\n').filter((line, at, all) => at < all.length - 1 || line !== '');
  const events = [
    ...lines(stdout).flatMap((line) => parser.stdout(line)),
    ...lines(stderr).flatMap((line) => parser.stderr(line)),
  ];
  return { events, outcomes: parser.end(exitCode) };
}

export function parseRecording(name: string): { events: IcmpEvent[]; outcomes: IcmpOutcome[] } {
  const recording = readRecording(name);
  return parse(requestOf(recording), recording.stdout, recording.stderr, recording.exitCode);
}

// SPDX-License-Identifier: Apache-2.0
import type { Reason } from '../model/reason.js';

/** A line of tracepath about a hop. */
export type TracepathLine =
  | { kind: 'answer'; hop: number; address: string; rttMs?: number; says?: TracepathWord }
  /** Three datagrams, a second each, without an answer. */
  | { kind: 'silence'; hop: number }
  /** The destination answered with a datagram of its own. */
  | { kind: 'datagram'; hop: number }
  /** The source's own kernel sends nothing there. */
  | { kind: 'notSent'; hop: number };

/** What an answer says beside that the hop limit was exceeded (tracepath.c, recverr). */
type TracepathWord = 'reached' | '!H' | '!N' | '!A' | '!P';

/** What the words that end a trace stand for; `reached` is a port unreachable. */
export const tracepathReasons: Record<Exclude<TracepathWord, 'reached'>, readonly [Reason, string]> = {
  '!H': ['HostUnreachable', 'host unreachable'],
  '!N': ['NetworkUnreachable', 'network unreachable'],
  '!A': ['Prohibited', 'communication prohibited'],
  '!P': ['Prohibited', 'protocol unreachable'],
};

const hopLine = /^\s*(\d{1,3})\??:\s+(.+)$/;
const answer = /^([0-9a-fA-F:.]+(?:%\S+)?)\s+(?:(\d{1,9}\.\d{3})ms)?(.*)$/;

/** Reads ` 2:  198.18.201.2    0.018ms asymm  1 reached` and its kin; undefined for a line that speaks of no hop. */
export function readTracepathLine(line: string): TracepathLine | undefined {
  const [, digits, rest = ''] = hopLine.exec(line) ?? [];
  if (digits === undefined) return undefined;
  const hop = Number(digits);
  if (/^no reply\b/.test(rest)) return { kind: 'silence', hop };
  if (/^reply received\b/.test(rest)) return { kind: 'datagram', hop };
  if (/^send failed\b/.test(rest)) return { kind: 'notSent', hop };
  const [, address, ms, more = ''] = answer.exec(rest) ?? [];
  if (address === undefined) return undefined;
  const says = /(?:^|\s)(reached|![HNAP])\s*$/.exec(more)?.[1] as TracepathWord | undefined;
  return {
    kind: 'answer',
    hop,
    address,
    ...(ms === undefined ? {} : { rttMs: Number(ms) }),
    ...(says === undefined ? {} : { says }),
  };
}

// SPDX-License-Identifier: Apache-2.0

/** A line of `fping -C`, about the target as it was written on its command line. `sequence` counts from 0. */
type FpingLine =
  | { kind: 'reply' | 'duplicate'; word: string; sequence: number; rttMs: number }
  | { kind: 'loss'; word: string; sequence: number; rttMs?: undefined }
  /** All round trips in the order of their echo requests; undefined for a lost one. */
  | { kind: 'summary'; word: string; rttsMs: (number | undefined)[] };

/** A line of iputils or busybox ping about an echo reply, or its final count. `sequence` counts from 0. */
type PingLine =
  | { kind: 'reply'; sequence: number; rttMs: number | undefined; duplicate: boolean }
  | { kind: 'statistics'; transmitted: number };

const decimal = String.raw`\d+(?:\.\d+)?(?:e[+-]?\d+)?`;
const fpingEcho = new RegExp(
  String.raw`^(\S+)\s*: (?:(duplicate) for )?\[(\d+)\], (?:\d+ bytes, (${decimal}) ms(?: \(|$| \[)|timed out \()`,
);
const fpingSummary = new RegExp(String.raw`^(\S+)\s*:((?: (?:-|${decimal}))+)$`);
const pingReply = /^\d+ bytes from .*?: (icmp_)?seq=(\d+) (?:ttl|hlim)=\d+(?: time[=<](\d+(?:\.\d+)?) ms)?(.*)$/;
const pingStatistics = /^(\d+) packets transmitted, \d+ (?:packets )?received,/;

export function readFpingLine(line: string): FpingLine | undefined {
  const echo = fpingEcho.exec(line);
  if (echo) {
    const [, word = '', duplicate, digits, rtt] = echo;
    const sequence = Number(digits);
    if (rtt === undefined) return { kind: 'loss', word, sequence };
    return { kind: duplicate === undefined ? 'reply' : 'duplicate', word, sequence, rttMs: Number(rtt) };
  }
  const summary = fpingSummary.exec(line);
  if (summary === null) return undefined;
  const rttsMs = (summary[2] ?? '').trim().split(' ');
  return {
    kind: 'summary',
    word: summary[1] ?? '',
    rttsMs: rttsMs.map((rtt) => (rtt === '-' ? undefined : Number(rtt))),
  };
}

export function readPingLine(line: string): PingLine | undefined {
  const reply = pingReply.exec(line);
  if (reply) {
    const [, iputils, digits, rtt, rest = ''] = reply;
    // iputils counts from 1, busybox from 0.
    const sequence = Number(digits) - (iputils === undefined ? 0 : 1);
    if (sequence < 0) return undefined;
    return {
      kind: 'reply',
      sequence,
      rttMs: rtt === undefined ? undefined : Number(rtt),
      duplicate: /DUP!/.test(rest),
    };
  }
  const statistics = pingStatistics.exec(line);
  return statistics ? { kind: 'statistics', transmitted: Number(statistics[1]) } : undefined;
}

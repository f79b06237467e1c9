// SPDX-License-Identifier: Apache-2.0
import type { Reason } from '../model/reason.js';
import type { DnsExpectation } from './dns.js';
import { sameAnswer, type DnsReply } from './dns-reply.js';
import { unreachedMessage } from './tcp-reason.js';

/** What a reply means, in a reason and in words. */
export interface DnsJudgement {
  reason: Reason;
  message: string;
}

/** Of the replies to the names of a search path the one that counts, and its place (glibc, res_search of resolv/res_query.c). */
export function decisiveReply(
  replies: readonly DnsReply[],
  ownFirst: boolean,
): { place: number; reply: DnsReply } | undefined {
  const last = replies.length - 1;
  const placeOf = (rcode: string) => replies.findIndex((reply) => 'rcode' in reply && reply.rcode === rcode);
  const final = replies[last];
  if (final === undefined) return undefined;
  const searchesOn = 'rcode' in final && (final.rcode === 'NXDOMAIN' || final.rcode === 'SERVFAIL');
  const isEmpty = 'rcode' in final && final.rcode === 'NOERROR' && final.records.length === 0;
  if (!searchesOn && !isEmpty) return { place: last, reply: final };
  const candidates = [ownFirst ? 0 : -1, placeOf('NOERROR'), placeOf('SERVFAIL'), last];
  const place = candidates.find((candidate) => candidate >= 0) ?? last;
  const reply = replies[place];
  return reply === undefined ? undefined : { place, reply };
}

/** The data of the records of the type that was asked for, in their order. */
export function answersOf(reply: DnsReply, type: string): string[] {
  return 'rcode' in reply ? reply.records.filter((record) => record.type === type).map(({ data }) => data) : [];
}

function differing(found: readonly string[], expected: readonly string[]): string | undefined {
  const [have, want] = [found, expected].map((list) => new Set(list.map(sameAnswer)));
  const missing = expected.filter((answer) => have?.has(sameAnswer(answer)) === false);
  const extra = found.filter((answer) => want?.has(sameAnswer(answer)) === false);
  if (missing.length === 0 && extra.length === 0) return undefined;
  const words = [
    ...(missing.length === 0 ? [] : [`${missing.join(', ')} is missing`]),
    ...(extra.length === 0 ? [] : [`${extra.join(', ')} was not expected`]),
  ];
  return words.join('; ');
}

/** A reply held against what was asked for and what was expected. */
export function judgeReply(
  reply: DnsReply,
  { type, server, expect, seconds }: { type: string; server: string; expect: DnsExpectation; seconds: number },
): DnsJudgement {
  if ('unanswered' in reply) {
    const { unanswered: reason, text } = reply;
    const family = server.includes(':') ? 6 : 4;
    const silence = reason === 'TimedOut' ? `no answer within ${seconds} s` : text;
    return { reason, message: unreachedMessage(reason, family) ?? silence };
  }
  const { rcode } = reply;
  if (expect.rcode !== undefined && rcode !== expect.rcode) {
    return { reason: 'DnsError', message: `answered ${rcode}, and ${expect.rcode} was expected` };
  }
  if (expect.rcode === undefined && rcode !== 'NOERROR') return { reason: 'DnsError', message: `answered ${rcode}` };
  const answers = answersOf(reply, type);
  if (expect.answers !== undefined) {
    const difference = differing(answers, expect.answers);
    if (difference !== undefined) return { reason: 'UnexpectedAnswer', message: `unexpected answer: ${difference}` };
  } else if (answers.length === 0 && expect.rcode === undefined) {
    return { reason: 'NoSuchRecord', message: `the name exists, but has no ${type} record` };
  }
  return { reason: 'Resolved', message: answers.length === 0 ? `answered ${rcode}` : answers.join(', ') };
}

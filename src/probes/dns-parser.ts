// SPDX-License-Identifier: Apache-2.0
import type { Reason } from '../model/reason.js';
import type { AttemptResult, DnsResult } from '../model/report.js';
import { wholeSeconds, type DnsQuery, type DnsRequest } from './dns.js';
import { answersOf, decisiveReply, judgeReply } from './dns-judgement.js';
import { readReplies, type DnsReply } from './dns-reply.js';
import { quotedLine } from './lines.js';
import type { ProbeParser } from './probe.js';
import { mostTellingReason } from './tcp-reason.js';

export interface DnsOutcome {
  index: number;
  /** The first is the search, with the time of the query that counts; the others repeat its last query. */
  attempts: AttemptResult[];
  reason: Reason;
  message: string;
  /** Absent where no query was made. */
  dns?: DnsResult;
}

interface Progress {
  query: DnsQuery;
  /** The names that were asked for, by step. */
  names: Map<string, string>;
  /** What dig printed, by step or repeated query. */
  lines: Map<string, string[]>;
  done: boolean;
}

/** A server may send as much as it likes; this is more than any answer of ours has. */
const maxLines = 2000;
/** Answers that a message names. */
const answersNamed = 4;

/**
 * Reads the lines of remote/dns.sh: `@missing TOOL`, `@ask INDEX sSTEP NAME`, `@dig INDEX sSTEP|r|rATTEMPT LINE` (a line of
 * dig's), `@done INDEX`, `@end`. Anything else is ignored. Only what is done is judged.
 */
export function dnsParser(request: DnsRequest): ProbeParser<never, DnsOutcome> {
  const progress = new Map<string, Progress>(
    request.queries.map((query) => [
      String(query.index),
      { query, names: new Map<string, string>(), lines: new Map<string, string[]>(), done: false },
    ]),
  );
  let missingTool: string | undefined;
  let lastStderr = '';

  function stdout(line: string): never[] {
    const [, kind, index = '', rest = ''] = /^@(missing|ask|dig|done) (\S+) ?(.*)$/.exec(line) ?? [];
    if (kind === 'missing') missingTool = index;
    const of = progress.get(index);
    const [, part = '', text = ''] = /^(s\d{1,3}|r\d{0,4}) (.*)$/.exec(rest) ?? [];
    if (of === undefined || of.done) return [];
    if (kind === 'done' && rest === '') of.done = true;
    if (part === '') return [];
    if (kind === 'ask' && part.startsWith('s')) of.names.set(part, text);
    if (kind !== 'dig') return [];
    const lines = of.lines.get(part) ?? [];
    if (lines.length < maxLines) lines.push(text);
    of.lines.set(part, lines);
    return [];
  }

  function outcome(of: Progress, exitCode: number): DnsOutcome {
    const { query } = of;
    const { index } = query;
    if (missingTool !== undefined) {
      return { index, attempts: [], reason: 'ToolMissing', message: `${missingTool} is missing in the tool image` };
    }
    const steps = [...of.names].map(([part, name]) => ({ name, replies: readReplies(of.lines.get(part) ?? []) }));
    const searched = steps.flatMap(({ replies }) => replies.slice(0, 1));
    const decisive = decisiveReply(searched, query.ownFirst);
    if (!of.done || decisive === undefined || searched.length < steps.length) {
      return { index, attempts: [], ...incomplete(of, exitCode, lastStderr) };
    }
    const repeated = [...of.lines].flatMap(([part, lines]) => (part.startsWith('r') ? readReplies(lines) : []));
    return { index, ...judged(request, query, steps, decisive, repeated) };
  }

  return {
    stdout,
    stderr(line) {
      if (line.trim() !== '') lastStderr = quotedLine(line);
      return [];
    },
    end: (exitCode) => [...progress.values()].map((of) => outcome(of, exitCode)),
  };
}

function judged(
  { expect, timeoutMs, attempts: expected }: DnsRequest,
  query: DnsQuery,
  steps: readonly { name: string }[],
  decisive: { place: number; reply: DnsReply },
  repeated: readonly DnsReply[],
): Omit<DnsOutcome, 'index'> {
  const { name, type, server } = query;
  const judge = (reply: DnsReply) => judgeReply(reply, { type, server, expect, seconds: wholeSeconds(timeoutMs) });
  const { reply, place } = decisive;
  const replies = [reply, ...repeated.slice(0, expected - 1)];
  const verdicts = replies.map(judge);
  const attempts = replies.map((each, number): AttemptResult => {
    const reason = verdicts[number]?.reason ?? 'ToolFailed';
    return 'ms' in each ? { reason, ms: each.ms } : { reason };
  });
  const queried = steps[place]?.name ?? name;
  const shown = replies.find((each) => 'rcode' in each) ?? reply;
  const answers = answersOf(shown, type);
  const ttls = 'rcode' in shown ? shown.records.filter((record) => record.type === type).map(({ ttl }) => ttl) : [];
  const dns: DnsResult = {
    name,
    type,
    queried,
    queries: steps.length,
    ...('rcode' in shown ? { rcode: shown.rcode, authoritative: shown.authoritative } : {}),
    answers,
    ...(ttls.length === 0 ? {} : { ttl: Math.min(...ttls) }),
  };
  return { attempts, dns, ...together(verdicts, steps, queried) };
}

/** One word for all attempts: what was answered says more than what was not. */
function together(
  verdicts: readonly { reason: Reason; message: string }[],
  steps: readonly { name: string }[],
  queried: string,
): { reason: Reason; message: string } {
  const good = verdicts.filter(({ reason }) => reason === 'Resolved');
  const [first] = good;
  const names =
    steps.length === 1 ? '' : ` (${steps.length} names were asked for, the last one was ${steps.at(-1)?.name})`;
  if (first !== undefined && good.length === verdicts.length) {
    const answers = first.message.split(', ');
    const more = answers.length > answersNamed ? ` and ${answers.length - answersNamed} more` : '';
    const after = steps.length === 1 ? '' : ` after ${steps.length} queries`;
    return { reason: 'Resolved', message: `${queried} ${answers.slice(0, answersNamed).join(', ')}${more}${after}` };
  }
  const bad = verdicts.filter(({ reason }) => reason !== 'Resolved');
  const answered: readonly Reason[] = ['DnsError', 'NoSuchRecord', 'UnexpectedAnswer'];
  const worst =
    bad.find(({ reason }) => answered.includes(reason))?.reason ?? mostTellingReason(bad.map(({ reason }) => reason));
  const why = bad.find(({ reason }) => reason === worst);
  if (good.length > 0) {
    const message = `${good.length} of ${verdicts.length} attempts resolved: ${why?.message ?? ''}`;
    return { reason: 'SomeAttemptsFailed', message };
  }
  return { reason: worst ?? 'ToolFailed', message: `${queried}: ${why?.message ?? ''}${names}` };
}

/** Why there is nothing to judge. */
function incomplete(of: Progress, exitCode: number, lastStderr: string): { reason: Reason; message: string } {
  if (exitCode === -1 && !of.done) return { reason: 'ConnectionLost', message: 'the connection to the pod was lost' };
  if ((exitCode === 126 || exitCode === 127) && of.lines.size === 0) {
    return { reason: 'ToolMissing', message: lastStderr || 'sh is missing in the tool image' };
  }
  const said = [...of.lines.values()].flat().find((line) => line.trim() !== '');
  if (of.done && said !== undefined) return { reason: 'ToolFailed', message: `dig said: ${quotedLine(said)}` };
  const words = lastStderr === '' ? '' : `: ${lastStderr}`;
  return { reason: 'ToolFailed', message: `the DNS script ended early with code ${exitCode}${words}` };
}

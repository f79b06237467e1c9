// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import type { AttemptResult } from '../model/report.js';
import type { Reason } from '../model/reason.js';
import { readDnsReply, type DnsReply } from './dns-query.js';
import { quotedLine } from './lines.js';
import type { ProbeParser } from './probe.js';
import { defaultUdpTimeoutMs, type UdpDestination, type UdpRequest } from './udp.js';
import { mostTellingReason, socketErrorReason, socketErrorText } from './tcp-reason.js';
import { answeredMessage, unansweredMessage } from './udp-message.js';

export type UdpEvent =
  | { kind: 'resolved'; index: number; address: string }
  /** `attempt` counts from 1. */
  | ({ kind: 'attempt'; index: number; attempt: number } & AttemptResult);

export interface UdpOutcome {
  index: number;
  /** The address that was sent to; absent when the name did not resolve. */
  address?: string;
  /** One a datagram; what was silent before an answer stays in the list. */
  attempts: AttemptResult[];
  /** Answered when any datagram was. */
  reason: Reason;
  message: string;
  /** The first 512 bytes of the answer. */
  answer?: Buffer;
  /** The answer of a DNS server on port 53. */
  dns?: DnsReply;
}

/** An attempt and the words that a tool had for its failure. */
interface Attempt {
  result: AttemptResult;
  text: string;
}

interface Progress {
  destination: UdpDestination;
  address: string | undefined;
  unresolved: boolean;
  done: boolean;
  missingTool: string | undefined;
  attempts: Map<number, Attempt>;
  answer: Buffer | undefined;
}

/**
 * Reads the lines of remote/udp-exchange.sh:
 * `@missing TOOL [INDEX]`, `@resolved INDEX ADDRESS`, `@unresolved INDEX`, `@done INDEX`, `@end`, and
 * `@attempt INDEX ATTEMPT MICROSECONDS|- answered BASE64|silent|failed TEXT`. Anything else is ignored. Silence only counts
 * where the script says that it waited to the end.
 */
export function udpParser(request: UdpRequest): ProbeParser<UdpEvent, UdpOutcome> {
  const timeoutMs = request.timeoutMs ?? defaultUdpTimeoutMs;
  const progress = new Map<string, Progress>(
    request.destinations.map((destination) => [
      String(destination.index),
      {
        destination,
        address: destination.address,
        unresolved: false,
        done: false,
        missingTool: undefined,
        attempts: new Map(),
        answer: undefined,
      },
    ]),
  );
  let missingTool: string | undefined;
  let lastStderr = '';

  function attemptLine(of: Progress, words: string[]): UdpEvent[] {
    const [, , attemptWord = '', time = '', what = '', ...text] = words;
    const attempt = Number(attemptWord);
    if (!/^[1-9]\d{0,3}$/.test(attemptWord) || of.attempts.has(attempt) || of.done) return [];
    if (!/^(\d{1,12}|-)$/.test(time)) return [];
    const read = readAttempt(what, text.join(' '));
    if (read === undefined) return [];
    if (time !== '-') read.result.ms = Number(time) / 1000;
    if (read.result.reason === 'Answered') of.answer = Buffer.from(read.text, 'base64');
    of.attempts.set(attempt, read);
    return [{ kind: 'attempt', index: of.destination.index, attempt, ...read.result }];
  }

  function stdout(line: string): UdpEvent[] {
    const words = line.split(' ');
    const [kind, second = '', third = ''] = words;
    if (kind === '@missing' && third === '') missingTool = second;
    const of = progress.get(kind === '@missing' ? third : second);
    if (of === undefined) return [];
    switch (kind) {
      case '@missing':
        of.missingTool = second;
        return [];
      case '@unresolved':
        of.unresolved = true;
        return [];
      case '@done':
        of.done = true;
        return [];
      case '@resolved':
        if (isIP(third) === 0) return [];
        of.address = third;
        return [{ kind: 'resolved', index: of.destination.index, address: third }];
      case '@attempt':
        return attemptLine(of, words);
      default:
        return [];
    }
  }

  function judge(of: Progress, exitCode: number): { reason: Reason; message: string; dns?: DnsReply } {
    const attempts = [...of.attempts.values()];
    const { host, family, port } = of.destination;
    const missing = of.missingTool ?? missingTool;
    if (missing !== undefined) return { reason: 'ToolMissing', message: `${missing} is missing in the tool image` };
    const answered = attempts.find(({ result }) => result.reason === 'Answered')?.result;
    if (answered !== undefined && of.answer !== undefined) {
      const dns = port === 53 ? readDnsReply(of.answer) : undefined;
      return { reason: 'Answered', message: answeredMessage(of.attempts.size, dns), ...(dns && { dns }) };
    }
    if (of.unresolved && attempts.length === 0) {
      return { reason: 'NameNotFound', message: `${host} did not resolve to an IPv${family} address in the pod` };
    }
    if (exitCode === -1 && !of.done) return { reason: 'ConnectionLost', message: 'the connection to the pod was lost' };
    if ((exitCode === 126 || exitCode === 127) && attempts.length === 0) {
      return { reason: 'ToolMissing', message: lastStderr || 'sh is missing in the tool image' };
    }
    if (!of.done || attempts.length === 0) {
      const said = lastStderr === '' ? '' : `: ${lastStderr}`;
      return { reason: 'ToolFailed', message: `the UDP script ended early with code ${exitCode}${said}` };
    }
    const reason = mostTellingReason(attempts.map(({ result }) => result.reason)) ?? 'ToolFailed';
    const said = attempts.find(({ result }) => result.reason === reason)?.text ?? '';
    return { reason, message: unansweredMessage(reason, attempts.length, timeoutMs, family, said) };
  }

  function outcome(of: Progress, exitCode: number): UdpOutcome {
    const numbered = [...of.attempts].sort(([a], [b]) => a - b).map(([, { result }]) => result);
    const judged = judge(of, exitCode);
    return {
      index: of.destination.index,
      ...(of.address === undefined ? {} : { address: of.address }),
      attempts: numbered,
      ...judged,
      ...(of.answer === undefined ? {} : { answer: of.answer }),
    };
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

function readAttempt(what: string, text: string): Attempt | undefined {
  switch (what) {
    case 'answered':
      return /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? { result: { reason: 'Answered' }, text } : undefined;
    case 'silent':
      return text === '' ? { result: { reason: 'Silent' }, text } : undefined;
    case 'failed':
      return { result: { reason: failedReason(text) }, text: socketErrorText(text) };
    default:
      return undefined;
  }
}

/**
 * A connected UDP socket is told of ICMP errors only where they are final, and the only ones of those that read as "No
 * route to host" are prohibitions (net/ipv4/icmp.c, icmp_err_convert); a failed ARP is silence. An error that connect gives
 * is the pod's own routing.
 */
function failedReason(text: string): Reason {
  const reason = socketErrorReason(text);
  return reason === 'HostUnreachable' && !text.includes('connect:') ? 'Prohibited' : reason;
}

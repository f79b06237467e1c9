// SPDX-License-Identifier: Apache-2.0
import type { AttemptResult } from '../model/report.js';
import type { Reason } from '../model/reason.js';
import { readDnsReply, type DnsReply } from './dns-query.js';
import type { ProbeParser } from './probe.js';
import { defaultUdpTimeoutMs, type UdpDestination, type UdpRequest } from './udp.js';
import { mostTellingReason, socketErrorReason, socketErrorText, unreachedMessage } from './tcp-reason.js';

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

interface Progress {
  destination: UdpDestination;
  address: string | undefined;
  unresolved: boolean;
  done: boolean;
  missingTool: string | undefined;
  attempts: Map<number, AttemptResult & { text?: string }>;
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
    const result = attemptResult(what, text.join(' '));
    if (result === undefined) return [];
    if (time !== '-') result.ms = Number(time) / 1000;
    if (result.reason === 'Answered') of.answer = Buffer.from(text[0] ?? '', 'base64');
    of.attempts.set(attempt, result);
    const { text: _, ...event } = result;
    return [{ kind: 'attempt', index: of.destination.index, attempt, ...event }];
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
        if (third === '') return [];
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
    const answered = attempts.find(({ reason }) => reason === 'Answered');
    if (answered !== undefined && of.answer !== undefined) {
      const dns = port === 53 ? readDnsReply(of.answer) : undefined;
      return { reason: 'Answered', message: answeredMessage(answered, of.attempts.size, dns), ...(dns && { dns }) };
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
    const reason = mostTellingReason(attempts.map(({ reason }) => reason)) ?? 'ToolFailed';
    const said = attempts.find((attempt) => attempt.reason === reason)?.text ?? '';
    return { reason, message: unansweredMessage(reason, attempts.length, timeoutMs, family, said) };
  }

  function outcome(of: Progress, exitCode: number): UdpOutcome {
    const numbered = [...of.attempts].sort(([a], [b]) => a - b).map(([, { text: _, ...result }]) => result);
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
      if (line.trim() !== '') lastStderr = line.trim();
      return [];
    },
    end: (exitCode) => [...progress.values()].map((of) => outcome(of, exitCode)),
  };
}

function attemptResult(what: string, text: string): (AttemptResult & { text?: string }) | undefined {
  switch (what) {
    case 'answered':
      return /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? { reason: 'Answered' } : undefined;
    case 'silent':
      return text === '' ? { reason: 'Silent' } : undefined;
    case 'failed':
      return { reason: failedReason(text), text: socketErrorText(text) };
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

function answeredMessage({ ms }: AttemptResult, datagrams: number, dns: DnsReply | undefined): string {
  const time = ms === undefined ? '' : ` in ${ms.toFixed(2)} ms`;
  const resent = datagrams > 1 ? ` to datagram ${datagrams}` : '';
  const said = dns === undefined ? '' : ` (${dns.status}, ${dns.answers} answer${dns.answers === 1 ? '' : 's'})`;
  return `answered${resent}${time}${said}`;
}

function unansweredMessage(reason: Reason, datagrams: number, timeoutMs: number, family: 4 | 6, said: string): string {
  switch (reason) {
    case 'Silent':
      return `no answer to ${datagrams} datagram${datagrams === 1 ? '' : 's'} within ${timeoutMs} ms`;
    case 'Refused':
      return 'refused (ICMP port unreachable)';
    case 'Prohibited':
      return 'administratively prohibited';
    case 'HostUnreachable':
      return 'no route to host (a route in the pod says so)';
    default:
      return unreachedMessage(reason, family) ?? said;
  }
}

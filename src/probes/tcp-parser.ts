// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import type { AttemptResult } from '../model/report.js';
import type { Reason } from '../model/reason.js';
import { quotedLine } from './lines.js';
import type { ProbeParser } from './probe.js';
import { defaultConnectAttempts, defaultConnectTimeoutMs, type TcpDestination, type TcpRequest } from './tcp.js';
import { mostTellingReason, socketErrorReason, socketErrorText, unreachedMessage } from './tcp-reason.js';

export type TcpEvent =
  | { kind: 'resolved'; index: number; address: string }
  /** `attempt` counts from 1; attempts of a destination may finish in any order. */
  | ({ kind: 'attempt'; index: number; attempt: number } & AttemptResult);

export interface TcpOutcome {
  index: number;
  /** The address dialled; absent when the name did not resolve. */
  address?: string;
  attempts: AttemptResult[];
  reason: Reason;
  message: string;
}

/** An attempt and the words that a tool had for its failure. */
interface Attempt {
  result: AttemptResult;
  text: string;
}

interface Progress {
  destination: TcpDestination;
  address: string | undefined;
  unresolved: boolean;
  missingTool: string | undefined;
  attempts: Map<number, Attempt>;
}

/**
 * Reads the lines of remote/tcp-connect.sh:
 * `@tool bash|nc`, `@missing TOOL [INDEX]`, `@resolved INDEX ADDRESS`, `@unresolved INDEX`, `@end`, and
 * `@attempt INDEX ATTEMPT MICROSECONDS|- connected|timeout|failed TEXT`. Anything else is ignored. A destination is only
 * judged by its attempts when all of them were reported.
 */
export function tcpParser(request: TcpRequest): ProbeParser<TcpEvent, TcpOutcome> {
  const expected = request.attempts ?? defaultConnectAttempts;
  const timeoutMs = request.connectTimeoutMs ?? defaultConnectTimeoutMs;
  const progress = new Map<string, Progress>(
    request.destinations.map((destination) => [
      String(destination.index),
      {
        destination,
        address: destination.address,
        unresolved: false,
        missingTool: undefined,
        attempts: new Map(),
      },
    ]),
  );
  let missingTool: string | undefined;
  let lastStderr = '';

  function attemptLine(of: Progress, words: string[]): TcpEvent[] {
    const [, , attemptWord = '', time = '', what = '', ...text] = words;
    const attempt = Number(attemptWord);
    if (!/^\d{1,4}$/.test(attemptWord) || attempt < 1 || attempt > expected || of.attempts.has(attempt)) return [];
    if (!/^(\d{1,12}|-)$/.test(time)) return [];
    const read = readAttempt(what, text.join(' '));
    if (read === undefined) return [];
    if (time !== '-') read.result.ms = Number(time) / 1000;
    of.attempts.set(attempt, read);
    return [{ kind: 'attempt', index: of.destination.index, attempt, ...read.result }];
  }

  function stdout(line: string): TcpEvent[] {
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

  function outcome(of: Progress, exitCode: number): TcpOutcome {
    const numbered = [...of.attempts].sort(([a], [b]) => a - b).map(([, attempt]) => attempt);
    const judged = judge(of, numbered, exitCode);
    return {
      index: of.destination.index,
      ...(of.address === undefined ? {} : { address: of.address }),
      attempts: numbered.map(({ result }) => result),
      ...judged,
    };
  }

  function judge(of: Progress, attempts: Attempt[], exitCode: number): { reason: Reason; message: string } {
    const missing = of.missingTool ?? missingTool;
    if (missing !== undefined) return { reason: 'ToolMissing', message: `${missing} is missing in the tool image` };
    const { host, family } = of.destination;
    if (of.unresolved && attempts.length === 0) {
      return { reason: 'NameNotFound', message: `${host} did not resolve to an IPv${family} address in the pod` };
    }
    if (attempts.length < expected) return incomplete(attempts.length, expected, exitCode, lastStderr);
    const reached = attempts.filter(({ result }) => result.reason === 'Connected');
    if (reached.length === expected) return { reason: 'Connected', message: connectedMessage(reached) };
    const unreached = attempts.filter(({ result }) => result.reason !== 'Connected');
    const reason = mostTellingReason(unreached.map(({ result }) => result.reason)) ?? 'ToolFailed';
    const said = unreached.find(({ result }) => result.reason === reason)?.text ?? '';
    const why = unreachedMessage(reason, family) ?? (reason === 'TimedOut' ? `no answer within ${timeoutMs} ms` : said);
    return reached.length === 0
      ? { reason, message: why }
      : { reason: 'SomeAttemptsFailed', message: `${reached.length} of ${expected} attempts connected: ${why}` };
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
    case 'connected':
      return text === '' ? { result: { reason: 'Connected' }, text } : undefined;
    case 'timeout':
      return text === '' ? { result: { reason: 'TimedOut' }, text } : undefined;
    case 'failed':
      return { result: { reason: socketErrorReason(text) }, text: socketErrorText(text) };
    default:
      return undefined;
  }
}

/** Why a destination has fewer attempts than were asked for. */
function incomplete(
  reported: number,
  expected: number,
  exitCode: number,
  lastStderr: string,
): { reason: Reason; message: string } {
  const after = `after ${reported} of ${expected} attempts`;
  if (exitCode === -1) return { reason: 'ConnectionLost', message: `the connection to the pod was lost ${after}` };
  if ((exitCode === 126 || exitCode === 127) && reported === 0) {
    return { reason: 'ToolMissing', message: lastStderr || 'sh is missing in the tool image' };
  }
  return {
    reason: 'ToolFailed',
    message: `the connect script ended with code ${exitCode} ${after}${lastStderr === '' ? '' : `: ${lastStderr}`}`,
  };
}

/** With the median, which one slow attempt does not move. */
function connectedMessage(attempts: Attempt[]): string {
  const times = attempts.flatMap(({ result: { ms } }) => (ms === undefined ? [] : [ms])).sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)];
  return median === undefined ? 'connected' : `connected in ${median.toFixed(2)} ms`;
}

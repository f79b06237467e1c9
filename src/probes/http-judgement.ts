// SPDX-License-Identifier: Apache-2.0
import type { Reason } from '../model/reason.js';
import type { HttpExpectation } from './http.js';
import { isStatusExpected, statusText } from './http-status.js';
import { quotedLine } from './lines.js';
import { socketErrorReason, unreachedMessage } from './tcp-reason.js';

/** What curl said of one request: its variables by the names of remote/http.sh. */
export interface HttpFacts {
  values: ReadonlyMap<string, string>;
  /** What was printed of the body. */
  body: string;
}

export interface HttpJudgement {
  reason: Reason;
  message: string;
}

/** Exit codes of curl(1). */
const exits = {
  ok: 0,
  protocol: 1,
  badUrl: 3,
  proxyName: 5,
  name: 6,
  connect: 7,
  write: 23,
  timeout: 28,
  redirects: 47,
} as const;
const tlsExits = new Set([35, 51, 53, 54, 58, 59, 60, 64, 66, 80, 83, 90, 91, 98]);
/** The tool's own trouble: options it does not have, files it may not read (77: the bundle of authorities), no memory. */
const toolExits = new Set([2, 4, 26, 27, 43, 48, 77, 126, 127]);

function numberOf({ values }: HttpFacts, name: string): number {
  const number = Number(values.get(name) ?? Number.NaN);
  return Number.isFinite(number) && number >= 0 ? number : 0;
}

/** One of curl's times in ms; undefined where it did not get there. */
export function timeOf(facts: HttpFacts, name: string): number | undefined {
  const seconds = numberOf(facts, name);
  return seconds > 0 ? Math.round(seconds * 1_000_000) / 1000 : undefined;
}

/** The status of the last answer; undefined where there was none. */
export function statusOf(facts: HttpFacts): number | undefined {
  const status = numberOf(facts, 'code');
  return Number.isInteger(status) && status >= 100 && status <= 599 ? status : undefined;
}

/** Whether a TCP connection stood: curl's time of it stays 0 where no TLS follows. */
function isConnected(facts: HttpFacts): boolean {
  return facts.values.has('connected') || timeOf(facts, 'connect') !== undefined || numberOf(facts, 'connects') > 0;
}

function timedOut(facts: HttpFacts, https: boolean, timeoutMs: number, connectTimeoutMs: number): HttpJudgement {
  if (!isConnected(facts)) {
    return timeOf(facts, 'name') === undefined
      ? { reason: 'NameNotFound', message: `the name was not resolved within ${connectTimeoutMs} ms` }
      : { reason: 'TimedOut', message: `no connection within ${connectTimeoutMs} ms` };
  }
  if (https && timeOf(facts, 'tls') === undefined) {
    return { reason: 'TlsFailed', message: 'connected, but no TLS handshake in time' };
  }
  const status = statusOf(facts);
  return status === undefined
    ? { reason: 'HttpFailed', message: `connected, but no answer within ${timeoutMs} ms` }
    : { reason: 'HttpFailed', message: `status ${status}, but the answer did not end within ${timeoutMs} ms` };
}

/** A request that got no complete answer. */
function failure(
  facts: HttpFacts,
  exit: number,
  { https, family, timeoutMs, connectTimeoutMs }: Circumstances,
): HttpJudgement {
  const said = quotedLine(facts.values.get('error') ?? '') || `curl ended with code ${exit}`;
  const status = statusOf(facts);
  // What was asked has answered, and sent us elsewhere.
  if (status !== undefined && (exit === exits.name || exit === exits.connect)) {
    return { reason: 'HttpFailed', message: `status ${status}, but where it leads to was not reached: ${said}` };
  }
  if (exit === exits.name) return { reason: 'NameNotFound', message: said };
  if (exit === exits.connect) {
    const reason = socketErrorReason(facts.values.get('why') ?? '');
    if (reason === 'ToolFailed') return { reason: 'HostUnreachable', message: said };
    return { reason, message: unreachedMessage(reason, family) ?? said };
  }
  if (exit === exits.timeout) return timedOut(facts, https, timeoutMs, connectTimeoutMs);
  if (tlsExits.has(exit)) return { reason: 'TlsFailed', message: `connected, but no TLS: ${said}` };
  if (toolExits.has(exit) || exit === exits.badUrl || exit === exits.proxyName) {
    return { reason: 'ToolFailed', message: said };
  }
  // What a curl without TLS or HTTP calls an unsupported protocol; an answer that is no HTTP is called that as well.
  if (exit === exits.protocol && !isConnected(facts)) return { reason: 'ToolFailed', message: said };
  if (exit === exits.redirects) return { reason: 'HttpFailed', message: `too many redirects: ${said}` };
  return { reason: 'HttpFailed', message: `connected, but no valid answer: ${said}` };
}

interface Circumstances {
  https: boolean;
  family: 4 | 6;
  timeoutMs: number;
  connectTimeoutMs: number;
}

/** What the end of one request means. */
export function judgeRequest(facts: HttpFacts, expect: HttpExpectation, circumstances: Circumstances): HttpJudgement {
  const exit = Number(facts.values.get('exit') ?? Number.NaN);
  const status = statusOf(facts);
  // More of the body than is read makes curl's writing fail.
  const isAnswered = status !== undefined && (exit === exits.ok || exit === exits.write);
  if (!isAnswered) {
    if (exit === exits.ok) return { reason: 'HttpFailed', message: 'connected, but no valid answer' };
    return failure(facts, exit, circumstances);
  }
  const location = facts.values.get('location') ?? '';
  const redirect = status >= 300 && status < 400 && location !== '' ? `, which points to ${quotedLine(location)}` : '';
  if (!isStatusExpected(status, expect.statuses)) {
    const wanted = expect.statuses === undefined ? '' : `, and ${statusText(expect.statuses)} was expected`;
    return { reason: 'UnexpectedStatus', message: `status ${status}${redirect}${wanted}` };
  }
  if (expect.body?.matches(facts.body) === false) {
    return { reason: 'UnexpectedBody', message: `status ${status}, but the body does not contain ${expect.body.text}` };
  }
  return { reason: 'Responded', message: `status ${status}${redirect}` };
}

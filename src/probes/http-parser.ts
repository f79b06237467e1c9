// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import type { Reason } from '../model/reason.js';
import type { AttemptResult, HttpResult, TlsResult } from '../model/report.js';
import type { HttpRequest, HttpTest } from './http.js';
import { judgeRequest, statusOf, timeOf, type HttpFacts, type HttpJudgement } from './http-judgement.js';
import { quotedLine } from './lines.js';
import type { ProbeParser } from './probe.js';
import { mostTellingReason } from './tcp-reason.js';
import { certificateFacts } from './tls-parser.js';

export interface HttpOutcome {
  index: number;
  /** With the time of each whole request. */
  attempts: AttemptResult[];
  reason: Reason;
  message: string;
  /** What was connected to. */
  address?: string;
  http?: HttpResult;
  tls?: TlsResult;
}

interface Attempt {
  values: Map<string, string>;
  body: string[];
  certificate: string[];
}

interface Progress {
  test: HttpTest;
  attempts: Map<number, Attempt>;
  done: boolean;
}

/** Of base64 lines of 76 characters: more than any body or certificate of ours has. */
const maxLines = 4000;

/**
 * Reads the lines of remote/http.sh: `@missing TOOL`, `@fact INDEX ATTEMPT NAME VALUE`, `@body INDEX ATTEMPT BASE64`,
 * `@certificate INDEX ATTEMPT BASE64`, `@done INDEX`, `@end`. Anything else is ignored. Only what is done is judged.
 */
export function httpParser(request: HttpRequest): ProbeParser<never, HttpOutcome> {
  const progress = new Map<string, Progress>(
    request.tests.map((test) => [String(test.index), { test, attempts: new Map<number, Attempt>(), done: false }]),
  );
  let missingTool: string | undefined;
  let lastStderr = '';

  function stdout(line: string): never[] {
    const [, kind, index = '', rest = ''] = /^@(missing|fact|body|certificate|done) (\S+) ?(.*)$/.exec(line) ?? [];
    if (kind === 'missing') missingTool = index;
    const of = progress.get(index);
    if (of === undefined || of.done) return [];
    if (kind === 'done' && rest === '') of.done = true;
    const [, numberWord = '', text = ''] = /^([1-9]\d{0,3}) (.*)$/.exec(rest) ?? [];
    const number = Number(numberWord);
    if (number < 1 || number > request.attempts) return [];
    const attempt = of.attempts.get(number) ?? { values: new Map<string, string>(), body: [], certificate: [] };
    of.attempts.set(number, attempt);
    const space = text.indexOf(' ');
    if (kind === 'fact' && space > 0) attempt.values.set(text.slice(0, space), text.slice(space + 1));
    if (kind === 'body' && attempt.body.length < maxLines) attempt.body.push(text);
    if (kind === 'certificate' && attempt.certificate.length < maxLines) attempt.certificate.push(text);
    return [];
  }

  function outcome(of: Progress, exitCode: number): HttpOutcome {
    const { test } = of;
    if (missingTool !== undefined) {
      const message = `${missingTool} is missing in the tool image`;
      return { index: test.index, attempts: [], reason: 'ToolMissing', message };
    }
    const attempts = [...of.attempts].sort(([a], [b]) => a - b).map(([, attempt]) => attempt);
    if (!of.done || attempts.length < request.attempts || attempts.some(({ values }) => !values.has('exit'))) {
      return { index: test.index, attempts: [], ...incomplete(exitCode, of, lastStderr) };
    }
    return { index: test.index, ...judged(request, test, attempts) };
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

interface Judged {
  facts: HttpFacts;
  attempt: Attempt;
  judgement: HttpJudgement;
  ms: number;
}

function judged(request: HttpRequest, test: HttpTest, attempts: readonly Attempt[]): Omit<HttpOutcome, 'index'> {
  const https = test.url.startsWith('https:');
  const all = attempts.map((attempt): Judged => {
    const facts = { values: attempt.values, body: Buffer.from(attempt.body.join(''), 'base64').toString('utf8') };
    const ip = attempt.values.get('ip') ?? '';
    const { timeoutMs, connectTimeoutMs } = request;
    const literal = ip || (test.connectTo?.address ?? new URL(test.url).hostname);
    const family = test.family ?? (literal.includes(':') ? 6 : 4);
    const judgement = judgeRequest(facts, request.expect, { https, family, timeoutMs, connectTimeoutMs });
    return { facts, attempt, judgement, ms: timeOf(facts, 'total') ?? 0 };
  });
  const together = verdictOf(all);
  // Its phases belong together, and one slow request does not move it.
  const alike = all.filter(({ judgement }) => judgement.reason === together.shown);
  const shown =
    [...(alike.length === 0 ? all : alike)].sort((a, b) => a.ms - b.ms)[Math.floor((alike.length - 1) / 2)] ?? all[0];
  const address = shown === undefined ? '' : addressOf(shown.attempt.values);
  return {
    attempts: all.map(({ judgement, ms }) => ({ reason: judgement.reason, ms })),
    reason: together.reason,
    message: together.message,
    ...(isIP(address) === 0 ? {} : { address }),
    ...(shown === undefined ? {} : { http: httpResult(request, test, shown.facts) }),
    ...(shown === undefined || !https ? {} : tlsResult(shown, request.insecure)),
  };
}

/** What was connected to, or where that failed, what was tried last: `[2001:2::1]:80`. */
function addressOf(values: ReadonlyMap<string, string>): string {
  const connected = values.get('ip') ?? '';
  if (connected !== '') return connected;
  const [, tried = ''] = /^(.*):\d{1,5}$/.exec(values.get('tried') ?? '') ?? [];
  return tried.replace(/^\[|\]$/g, '');
}

/** One word for all attempts: what was answered says more than what was not. */
function verdictOf(all: readonly Judged[]): { reason: Reason; message: string; shown: Reason } {
  const good = all.filter(({ judgement }) => judgement.reason === 'Responded');
  const [first] = good;
  if (first !== undefined && good.length === all.length) {
    return { reason: 'Responded', message: first.judgement.message, shown: 'Responded' };
  }
  const bad = all.filter(({ judgement }) => judgement.reason !== 'Responded').map(({ judgement }) => judgement);
  const answered: readonly Reason[] = ['UnexpectedStatus', 'UnexpectedBody', 'HttpFailed', 'TlsFailed'];
  const worst =
    answered.find((reason) => bad.some((each) => each.reason === reason)) ??
    mostTellingReason(bad.map(({ reason }) => reason));
  const why = bad.find(({ reason }) => reason === worst)?.message ?? '';
  const shown = worst ?? 'ToolFailed';
  if (good.length === 0) return { reason: shown, message: why, shown };
  return { reason: 'SomeAttemptsFailed', message: `${good.length} of ${all.length} requests passed: ${why}`, shown };
}

function httpResult({ message }: HttpRequest, { url }: HttpTest, facts: HttpFacts): HttpResult {
  const { values } = facts;
  const status = statusOf(facts);
  const [name, connect, tls, first, total] = ['name', 'connect', 'tls', 'first', 'total'].map((time) =>
    timeOf(facts, time),
  );
  const version = values.get('version') ?? '';
  const redirects = Number(values.get('redirects') ?? 0);
  const final = values.get('final') ?? '';
  const location = values.get('location') ?? '';
  return {
    url,
    method: message.method ?? (message.body === undefined ? 'GET' : 'POST'),
    ...(status === undefined ? {} : { status, bodyBytes: Math.round(Number(values.get('bytes') ?? 0)) || 0 }),
    ...(/^[123](\.[01])?$/.test(version) ? { version: version === '1' ? '1.0' : version } : {}),
    ...(connect === undefined || first === undefined || total === undefined
      ? {}
      : {
          phases: {
            nameMs: name ?? 0,
            connectMs: connect,
            ...(tls === undefined ? {} : { tlsMs: tls }),
            firstByteMs: first,
            totalMs: total,
          },
        }),
    ...(location === '' ? {} : { location: quotedLine(location) }),
    ...(Number.isInteger(redirects) && redirects > 0 ? { redirects, finalUrl: quotedLine(final) } : {}),
  };
}

/** X509_V_ERR_* of OpenSSL's <x509_vfy.h>, those that are met most. */
const verifyErrors: Record<string, string> = {
  '9': 'it is not valid yet',
  '10': 'it has expired',
  '18': 'self-signed certificate',
  '19': 'self-signed certificate in its chain',
  '20': 'its issuer is not known here',
  '21': 'its issuer is not known here',
};

function tlsResult({ facts, attempt, judgement }: Judged, insecure: boolean): { tls?: TlsResult } {
  const [connect, tls] = [timeOf(facts, 'connect'), timeOf(facts, 'tls')];
  if (connect === undefined && judgement.reason !== 'TlsFailed') return {};
  const verify = facts.values.get('verify') ?? '0';
  const untrusted =
    insecure && verify !== '0' ? `certificate not trusted: ${verifyErrors[verify] ?? `error ${verify}`}` : undefined;
  const error =
    judgement.reason === 'TlsFailed' ? judgement.message.replace(/^connected, but no TLS: /, '') : untrusted;
  return {
    tls: {
      ...(tls === undefined || connect === undefined ? {} : { handshakeMs: Math.round((tls - connect) * 1000) / 1000 }),
      ...certificateFacts(attempt.certificate.join('')),
      ...(error === undefined ? {} : { error }),
    },
  };
}

/** Why there is nothing to judge. */
function incomplete(
  exitCode: number,
  { done, attempts }: Progress,
  lastStderr: string,
): { reason: Reason; message: string } {
  if (exitCode === -1 && !done) return { reason: 'ConnectionLost', message: 'the connection to the pod was lost' };
  if ((exitCode === 126 || exitCode === 127) && attempts.size === 0) {
    return { reason: 'ToolMissing', message: lastStderr || 'sh is missing in the tool image' };
  }
  const words = lastStderr === '' ? '' : `: ${lastStderr}`;
  return { reason: 'ToolFailed', message: `the HTTP script ended early with code ${exitCode}${words}` };
}

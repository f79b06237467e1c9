// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { PatchType, RequestOptions } from './cluster.js';
import { failureOfAnswer } from './api-failure.js';
import { pause } from './pause.js';
import type { Reply } from './reply.js';
import type { HttpRequest } from './http-request.js';
import type { Transport } from './transport.js';

/** Tries in all for one request. */
const maxTries = 3;
const firstPauseMs = 200;
const longestPauseMs = 30_000;
/** An API server ends an ordinary request itself after 60 s (--request-timeout); later nothing can come. */
export const answerSilenceMs = 65_000;

const contentTypes: Record<PatchType, string> = {
  strategic: 'application/strategic-merge-patch+json',
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
};

export function patchContentType(type: PatchType): string {
  return contentTypes[type];
}

/** A path with its query; undefined values are left out. */
export function withQuery(path: string, query: RequestOptions['query']): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parameters.append(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${text}`;
}

/** 429 says that nothing was done; after a 5xx something may have been, so only reads are repeated. */
const passingForWrites: readonly number[] = [429];
const passingForReads: readonly number[] = [429, 500, 503, 504];

/** How long to wait before trying again, in ms, or undefined if the answer is final. */
export function retryPauseMs(reply: Reply, passing: readonly number[], tries: number): number | undefined {
  if (tries >= maxTries || !passing.includes(reply.status)) return undefined;
  const asked = Number(reply.header('retry-after') ?? Number.NaN) * 1000;
  const pauseMs = Number.isNaN(asked) ? firstPauseMs * 2 ** (tries - 1) : asked;
  return pauseMs > longestPauseMs ? undefined : pauseMs;
}

/**
 * Sends a request until it is answered well: again after 429 and, for reads, 5xx (as long as the server asks for, at most
 * 3 times in all), once more with new credentials after 401. Throws Failure for every other answer.
 */
export async function requestReply(transport: Transport, request: HttpRequest): Promise<Reply> {
  let renewed = false;
  for (let tries = 1; ; tries += 1) {
    const reply = await transport.send(request);
    if (reply.status >= 200 && reply.status < 300) return reply;
    const body = await reply.text();
    if (reply.status === 401 && !renewed && transport.credentials.renew(reply.credential)) {
      renewed = true;
      continue;
    }
    const passing = request.method === 'GET' ? passingForReads : passingForWrites;
    const pauseMs = retryPauseMs(reply, passing, tries);
    if (pauseMs === undefined) throw failureOfAnswer(reply.status, body);
    transport.log.note(
      `Got a ${reply.status} answer to ${request.method} ${request.path}: trying again in ${pauseMs} ms`,
    );
    await pause(pauseMs, request.signal);
  }
}

/**
 * The JSON of an answer. Every object of the API says what it is; what does not comes from something else that listens there.
 * Throws Failure `cluster`.
 */
export function parseAnswer<T>(text: string, path: string, host: string): T {
  try {
    const answer = JSON.parse(text) as { kind?: unknown } | null;
    if (!path.startsWith('/api') || typeof answer?.kind === 'string') return answer as T;
  } catch {
    // Said below.
  }
  throw new Failure('cluster', `the answer of the server ${host} is not one of a Kubernetes API server`, {
    hint: 'a proxy or a login page may stand before it; kubectl config view --minify shows the server of the context',
  });
}

/** Sends a request and parses the JSON of its answer. */
export async function requestJson<T>(transport: Transport, request: HttpRequest): Promise<T> {
  const text = await (await requestReply(transport, request)).text();
  return parseAnswer<T>(text, request.path, transport.host);
}

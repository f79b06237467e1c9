// SPDX-License-Identifier: Apache-2.0
import { request as httpRequest, type Agent } from 'node:http';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { Failure } from '../errors/failure.js';
import { connectionFailure, isConnectionLost } from './connection-failure.js';
import { ConnectionPool } from './connection-pool.js';
import type { Credential, CredentialSource } from './credential.js';
import { impersonationHeaders } from './credentials.js';
import { Guard } from './guard.js';
import { Reply } from './reply.js';
import type { RequestLog } from './request-log.js';
import type { Settings } from './settings.js';
import { userAgent } from './user-agent.js';

/** One HTTP request. `path` starts with a slash and has its query. */
export interface HttpRequest {
  method: string;
  path: string;
  body?: string | undefined;
  contentType?: string | undefined;
  headers?: OutgoingHttpHeaders | undefined;
  signal?: AbortSignal | undefined;
  /** Limit of the whole request in ms, its answer included; 0 or absent: none. */
  totalMs?: number | undefined;
  /** Limit of the time in which nothing is heard, in ms. */
  silenceMs: number;
}

/** A connection that no longer speaks HTTP; `head` came with the answer. */
export interface Upgraded {
  socket: Duplex;
  head: Buffer;
  headers: IncomingHttpHeaders;
}

type Settled = { message: IncomingMessage } | { upgraded: Upgraded };

const maxTries = 3;

/** HTTP requests to one API server over one pool of connections that are kept open. */
export class Transport {
  readonly #url: URL;
  readonly #impersonation: OutgoingHttpHeaders;
  readonly #pool: ConnectionPool;

  constructor(
    readonly settings: Settings,
    readonly credentials: CredentialSource,
    readonly log: RequestLog,
  ) {
    this.#url = new URL(settings.server);
    this.#pool = new ConnectionPool(settings);
    this.#impersonation = impersonationHeaders(settings);
  }

  /** The server as `HOST:PORT`. */
  get host(): string {
    return this.#url.port === ''
      ? `${this.#url.hostname}:${this.#url.protocol === 'https:' ? 443 : 80}`
      : this.#url.host;
  }

  /** Sends a request; the reply's body has to be read or discarded. Throws Failure where no answer came. */
  async send(request: HttpRequest): Promise<Reply> {
    const settled = await this.#exchange(request);
    if ('message' in settled.outcome) return new Reply(settled.outcome.message, settled.guard, this.host);
    settled.guard.release();
    settled.outcome.upgraded.socket.destroy();
    throw new Failure('cluster', `the server ${this.host} changed the protocol unasked`);
  }

  /** Asks for another protocol. The reply is the server's refusal. */
  async upgrade(request: HttpRequest): Promise<Upgraded | Reply> {
    const { outcome, guard } = await this.#exchange(request);
    if ('message' in outcome) return new Reply(outcome.message, guard, this.host);
    guard.release();
    return outcome.upgraded;
  }

  close(): void {
    this.#pool.close();
  }

  async #exchange(request: HttpRequest): Promise<{ outcome: Settled; guard: Guard }> {
    const credential = await this.credentials.current();
    const agent = await this.#pool.agent(credential);
    const guard = new Guard({
      signal: request.signal,
      totalMs: request.totalMs,
      silenceMs: request.silenceMs,
      onTotal: () => this.#timeout(request.totalMs ?? 0),
      onSilence: () => this.#timeout(request.silenceMs),
    });
    try {
      const outcome = await this.#attempt(request, credential, agent, guard);
      return { outcome, guard };
    } catch (thrown) {
      guard.release();
      throw thrown;
    }
  }

  /** Tries again where a kept connection turns out to be closed already and repeating does no harm. */
  async #attempt(request: HttpRequest, credential: Credential, agent: Agent, guard: Guard): Promise<Settled> {
    const startedAt = performance.now();
    for (let tries = 1; ; tries += 1) {
      const outgoing = this.#start(request, credential, agent);
      try {
        const outcome = await settle(outgoing, guard);
        const { statusCode = 101 } = 'message' in outcome ? outcome.message : {};
        const url = this.settings.server + request.path;
        this.log.answered(request.method, url, statusCode, performance.now() - startedAt);
        return outcome;
      } catch (thrown) {
        if (guard.failure !== undefined) throw guard.failure;
        const stale = outgoing.reusedSocket && isConnectionLost(thrown) && request.method !== 'POST';
        if (!stale || tries >= maxTries) throw connectionFailure(thrown, this.host);
      }
    }
  }

  #start(request: HttpRequest, credential: Credential, agent: Agent): ClientRequest {
    const headers: OutgoingHttpHeaders = {
      Accept: 'application/json',
      'User-Agent': userAgent,
      ...this.#impersonation,
      ...request.headers,
    };
    if (credential.authorization !== undefined) headers['Authorization'] = credential.authorization;
    if (request.body !== undefined) {
      headers['Content-Type'] = request.contentType ?? 'application/json';
      headers['Content-Length'] = Buffer.byteLength(request.body);
    }
    this.log.headers(headers);
    const open = this.#url.protocol === 'https:' ? httpsRequest : httpRequest;
    const outgoing = open({
      hostname: this.#url.hostname.replace(/^\[|\]$/g, ''),
      port: this.#url.port === '' ? undefined : Number(this.#url.port),
      path: (this.#url.pathname === '/' ? '' : this.#url.pathname) + request.path,
      method: request.method,
      headers,
      agent,
    });
    outgoing.end(request.body);
    return outgoing;
  }

  #timeout(limitMs: number): Failure {
    return new Failure('cluster', `the server ${this.host} did not answer within ${limitMs / 1000} s`, {
      reason: 'DeadlineExceeded',
    });
  }
}

function settle(outgoing: ClientRequest, guard: Guard): Promise<Settled> {
  return new Promise((resolve, reject) => {
    guard.end = (failure) => {
      outgoing.destroy(failure);
      reject(failure);
    };
    outgoing.on('error', reject);
    outgoing.on('response', (message) => resolve({ message }));
    outgoing.on('upgrade', (message, socket, head) => {
      resolve({ upgraded: { socket, head, headers: message.headers } });
    });
  });
}

// SPDX-License-Identifier: Apache-2.0
import { request as httpRequest, type Agent } from 'node:http';
import type { ClientRequest, OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Failure } from '../errors/failure.js';
import { connectError } from './connect-error.js';
import { connectionFailure, isConnectionLost } from './connection-failure.js';
import { ConnectionPool } from './connection-pool.js';
import type { Credential, CredentialSource } from './credential.js';
import { impersonationHeaders } from './credentials.js';
import { Guard, untilAborted, untilCut } from './guard.js';
import { requestHeaders, type HttpRequest } from './http-request.js';
import { defaultLiveness, type Liveness } from './liveness.js';
import { proxyFor } from './proxy.js';
import { Reply } from './reply.js';
import type { RequestLog } from './request-log.js';
import { limitConnecting, settle, type Settled, type Upgraded } from './settle-request.js';
import type { Settings } from './settings.js';

const maxTries = 3;

/** HTTP requests to one API server over one pool of connections that are kept open. */
export class Transport {
  readonly #url: URL;
  readonly #pool: ConnectionPool;

  constructor(
    readonly settings: Settings,
    readonly credentials: CredentialSource,
    readonly log: RequestLog,
    readonly liveness: Liveness = defaultLiveness,
  ) {
    this.#url = new URL(settings.server);
    this.#pool = new ConnectionPool(settings, liveness.connectMs);
    // Throws where the impersonation is incomplete, before anything is sent.
    impersonationHeaders(settings);
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
    if ('message' in settled.outcome)
      return new Reply(settled.outcome.message, settled.guard, this.host, settled.credential);
    settled.guard.release();
    settled.outcome.upgraded.socket.destroy();
    throw new Failure('cluster', `the server ${this.host} changed the protocol unasked`);
  }

  /** Asks for another protocol. The reply is the server's refusal. */
  async upgrade(request: HttpRequest): Promise<Upgraded | Reply> {
    const { outcome, guard, credential } = await this.#exchange(request);
    if ('message' in outcome) return new Reply(outcome.message, guard, this.host, credential);
    guard.release();
    return outcome.upgraded;
  }

  close(): void {
    this.log.total();
    this.#pool.close();
  }

  async #exchange(request: HttpRequest): Promise<{ outcome: Settled; guard: Guard; credential: Credential }> {
    const credential = await untilAborted(this.credentials.current(), request.signal);
    const agent = await this.#pool.agent(credential);
    const guard = new Guard({
      signal: request.signal,
      totalMs: request.totalMs,
      silenceMs: request.silenceMs,
      onTotal: () => this.#timeout(request.totalMs ?? 0),
      onSilence: () => {
        this.#pool.suspect();
        return this.#timeout(request.silenceMs);
      },
    });
    try {
      const outcome = await this.#attempt(request, credential, agent, guard);
      return { outcome, guard, credential };
    } catch (thrown) {
      guard.release();
      throw thrown;
    }
  }

  /** Tries again where a kept connection turns out to be closed already and repeating does no harm. */
  async #attempt(request: HttpRequest, credential: Credential, agent: Agent, guard: Guard): Promise<Settled> {
    const startedAt = performance.now();
    const headers = requestHeaders(request, credential, this.settings);
    const log = (outcome: number | 'failed') => {
      const durationMs = performance.now() - startedAt;
      this.log.answered(
        { method: request.method, url: this.settings.server + request.path, headers },
        outcome,
        durationMs,
      );
    };
    for (let tries = 1; ; tries += 1) {
      const abandoned = new AbortController();
      const outgoing = this.#start(request, headers, agent, abandoned.signal);
      limitConnecting(outgoing, this.liveness.connectMs, this.host);
      try {
        const outcome = await settle(outgoing, guard, abandoned);
        const { statusCode = 101 } = 'message' in outcome ? outcome.message : {};
        log(statusCode);
        return outcome;
      } catch (thrown) {
        log('failed');
        if (guard.failure !== undefined) throw guard.failure;
        const stale = outgoing.reusedSocket && isConnectionLost(thrown) && request.method !== 'POST';
        if (stale && tries < maxTries) continue;
        const isDirect = proxyFor(this.#url, this.settings.proxyUrl, process.env) === undefined;
        throw connectionFailure(isDirect ? await untilCut(connectError(thrown, this.#url), guard) : thrown, this.host);
      }
    }
  }

  #start(request: HttpRequest, headers: OutgoingHttpHeaders, agent: Agent, abandoned: AbortSignal): ClientRequest {
    const open = this.#url.protocol === 'https:' ? httpsRequest : httpRequest;
    const options = {
      hostname: this.#url.hostname.replace(/^\[|\]$/g, ''),
      port: this.#url.port === '' ? undefined : Number(this.#url.port),
      path: (this.#url.pathname === '/' ? '' : this.#url.pathname) + request.path,
      method: request.method,
      headers,
      agent,
      // For tunnelAgent: a tunnel that is not open yet is no connection of the request's.
      abandoned,
    };
    const outgoing = open(options);
    outgoing.end(request.body);
    return outgoing;
  }

  #timeout(limitMs: number): Failure {
    return new Failure('cluster', `the server ${this.host} did not answer within ${limitMs / 1000} s`, {
      reason: 'DeadlineExceeded',
    });
  }
}

// SPDX-License-Identifier: Apache-2.0
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions } from 'node:https';
import type { Credential } from './credential.js';
import { proxyFor } from './proxy.js';
import type { Settings } from './settings.js';

/** The kernel asks an idle connection's other end for a sign of life after this. */
const keepAliveMs = 15_000;

/** The connections to one API server, kept open between requests. */
export class ConnectionPool {
  readonly #settings: Settings;
  readonly #server: URL;
  #agent: Promise<HttpAgent> | undefined;
  /** Agents that get no new requests, but have connections on which requests are still under way. */
  readonly #retired = new Set<HttpAgent>();
  #certificate: Credential['certificate'];

  constructor(
    settings: Settings,
    readonly connectMs: number,
  ) {
    this.#settings = settings;
    this.#server = new URL(settings.server);
  }

  /** The agent for requests with this credential: a new one when the client certificate changed, because connections are bound to theirs. */
  agent(credential: Credential): Promise<HttpAgent> {
    if (this.#agent === undefined || this.#certificate !== credential.certificate) {
      this.#certificate = credential.certificate;
      this.suspect();
      this.#agent = this.#create(credential);
    }
    return this.#agent;
  }

  /** One connection has turned out to be dead: the idle ones may be as well and are not used again. */
  suspect(): void {
    this.#agent?.then(
      (agent) => this.#retire(agent),
      () => undefined,
    );
    this.#agent = undefined;
  }

  /** Destroys the connections, also those on which a request is under way. */
  close(): void {
    this.#agent?.then(
      (agent) => agent.destroy(),
      () => undefined,
    );
    for (const agent of this.#retired) agent.destroy();
  }

  #retire(agent: HttpAgent): void {
    for (const old of this.#retired) if (Object.keys(old.sockets).length === 0) this.#retired.delete(old);
    this.#retired.add(agent);
    for (const socket of [...this.#retired].flatMap(({ freeSockets }) => Object.values(freeSockets).flat())) {
      socket?.destroy();
    }
  }

  async #create({ certificate, key }: Credential): Promise<HttpAgent> {
    const { authority, serverName, skipTlsVerify, proxyUrl } = this.#settings;
    const secure = this.#server.protocol === 'https:';
    const options: AgentOptions = {
      keepAlive: true,
      keepAliveMsecs: keepAliveMs,
      maxSockets: Number.POSITIVE_INFINITY,
      rejectUnauthorized: !skipTlsVerify,
      ...(authority === undefined ? {} : { ca: authority }),
      ...(serverName ? { servername: serverName } : {}),
      ...(certificate === undefined ? {} : { cert: certificate }),
      ...(key === undefined ? {} : { key }),
    };
    const proxy = proxyFor(this.#server, proxyUrl, process.env);
    if (proxy !== undefined) return (await import('./tunnel.js')).tunnelAgent(proxy, secure, options, this.connectMs);
    return secure ? new HttpsAgent(options) : new HttpAgent(options);
  }
}

// SPDX-License-Identifier: Apache-2.0
import { Agent, request as httpsRequest } from 'node:https';
import { notNow, type Answer } from './answer.js';

/** Says that a request comes from the other replica: it is never passed on twice. */
export const forwardedHeader = 'x-netmachinery-forwarded';
const limitMs = 10_000;
const mostConnections = 64;

export interface Forwarded {
  method: string;
  path: string;
  token: string;
  body: string;
}

/** Passes requests on to the replica that leads, whose certificate has to be of our own authority. */
export class Forwarder {
  private agent: Agent | undefined;

  constructor(private readonly serverName: string) {}

  /** The authorities to believe (PEM). */
  believe(authorities: string): void {
    this.agent?.destroy();
    this.agent = new Agent({
      keepAlive: true,
      maxSockets: mostConnections,
      ca: authorities,
      servername: this.serverName,
    });
  }

  close(): void {
    this.agent?.destroy();
  }

  /** `address`: `HOST:PORT`. Throws Refused(503) where no answer comes. */
  async send(address: string, { method, path, token, body }: Forwarded): Promise<Answer> {
    const { agent } = this;
    if (agent === undefined) throw notNow('the certificate is not there yet');
    const { hostname, port } = new URL(`https://${address}`);
    return new Promise((resolve, reject) => {
      const fail = (): void => reject(notNow('the replica that leads does not answer'));
      const outgoing = httpsRequest({
        agent,
        method,
        path,
        hostname: hostname.replace(/^\[|\]$/g, ''),
        port: Number(port),
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          [forwardedHeader]: '1',
        },
        signal: AbortSignal.timeout(limitMs),
      });
      outgoing.on('error', fail);
      outgoing.on('response', (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('error', fail);
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          const retryAfter = incoming.headers['retry-after'];
          const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
          resolve({ status: incoming.statusCode ?? 502, body: Buffer.concat(chunks), headers });
        });
      });
      outgoing.end(body);
    });
  }
}

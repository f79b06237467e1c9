// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { asFailure, Failure } from '../../errors/failure.js';
import { listening, type Listening } from '../listening.js';
import { refusal, Refused, type Answer } from './answer.js';

export interface ApiLimits {
  /** Longest time for a handshake, for the head and for all of a request, in ms. */
  requestMs: number;
  /** A connection without requests is kept for so long, in ms: for longer than agents' intervals usually are. */
  keepAliveMs: number;
  maxConnections: number;
}

export const usualLimits: ApiLimits = { requestMs: 10_000, keepAliveMs: 65_000, maxConnections: 4096 };
const minVersion = 'TLSv1.2' as const;

export interface ApiListener extends Listening {
  /** Serves with this certificate (PEM) from the next handshake on. Throws Failure(usage) where it cannot be used; then all stays. */
  use(certificate: string, key: string): void;
}

/** Listens with TLS; handshakes fail until there is a certificate. Throws Failure(cluster) when the port is taken. */
export async function listenApi(
  port: number,
  host: string | undefined,
  limits: ApiLimits,
  handle: (request: IncomingMessage) => Promise<Answer>,
  log: (line: string) => void,
): Promise<ApiListener> {
  const { requestMs, keepAliveMs, maxConnections } = limits;
  const server = createServer({
    minVersion,
    handshakeTimeout: requestMs,
    requestTimeout: requestMs,
    headersTimeout: requestMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: Math.min(1000, requestMs),
    maxHeaderSize: 16 * 1024,
  });
  server.maxConnections = maxConnections;
  server.on('request', answering(handle, log));
  return {
    ...(await listening(server, port, host)),
    use: (certificate, key) => {
      try {
        server.setSecureContext({ cert: certificate, key, minVersion, sessionTimeout: 300 });
      } catch (thrown) {
        throw new Failure('usage', `the certificate cannot be used: ${asFailure(thrown).message}`, { cause: thrown });
      }
    },
  };
}

/** Answers with what `handle` gives or refuses. */
export function answering(
  handle: (request: IncomingMessage) => Promise<Answer>,
  log: (line: string) => void,
): RequestListener {
  return (request, response) => {
    handle(request).then(
      (answer) => send(request, response, answer),
      (thrown: unknown) => {
        // A connection that ends in the middle of a body has nobody to answer.
        if (request.destroyed && !request.complete) response.destroy();
        else send(request, response, thrown instanceof Refused ? refusal(thrown) : failed(thrown, log));
      },
    );
  };
}

function failed(thrown: unknown, log: (line: string) => void): Answer {
  log(`a request failed: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`);
  return refusal(new Refused(500, 'the server failed'));
}

/** Ends the connection as well where a body is left over: it is of no interest. */
function send(request: IncomingMessage, response: ServerResponse, { status, body, headers = {} }: Answer): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(request.complete ? {} : { connection: 'close' }),
    ...headers,
  });
  response.end(body);
  request.resume();
}

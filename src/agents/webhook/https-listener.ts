// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { asFailure, Failure } from '../../errors/failure.js';
import { listening, type Listening } from '../listening.js';
import type { ServingCertificate } from './serving-certificate.js';

/** As the webhooks of k8s-network-prober's operator were reached. */
const admissionPath = '/mutate-v1-pod';
/** etcd takes 1.5 MiB, and an update has the object twice: no review of an API server is larger. */
export const longestBody = 3 * 1024 * 1024;
/** Longest time for a handshake, for the head and for all of a request: the API server waits no longer than 30 s. */
const limitMs = 10_000;
/**
 * Connections stay open for longer than the API server keeps idle ones (90 s): one that we close just as it is used
 * again would be a call that failed, and so a pod that was not injected.
 */
const keepAliveMs = 300_000;
const maxConnections = 1024;

export interface Answer {
  status: number;
  type: string;
  text: string;
}

export interface HttpsListener extends Listening {
  /** Serves with this certificate from the next handshake on. Throws Failure(usage) where it cannot be used; then all stays. */
  use(certificate: ServingCertificate): void;
}

const minVersion = 'TLSv1.2' as const;

/**
 * Listens with TLS and hands the body of each POST to `admissionPath` to `review`, which must not throw. Handshakes fail
 * until there is a certificate. Throws Failure(cluster) when the port is taken.
 */
export async function listenHttps(
  port: number,
  host: string | undefined,
  review: (body: string) => Answer,
): Promise<HttpsListener> {
  const server = createServer({
    minVersion,
    handshakeTimeout: limitMs,
    requestTimeout: limitMs,
    headersTimeout: limitMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: 1000,
  });
  server.maxConnections = maxConnections;
  server.on('request', (request, response) => {
    // A connection that ends in the middle of a body has nobody to answer.
    respond(request, response, review).catch(() => response.destroy());
  });
  return {
    ...(await listening(server, port, host)),
    use: ({ certificate, key }) => {
      try {
        server.setSecureContext({ cert: certificate, key, minVersion });
      } catch (thrown) {
        throw new Failure('usage', `the certificate cannot be used: ${asFailure(thrown).message}`, { cause: thrown });
      }
    },
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  review: (body: string) => Answer,
): Promise<void> {
  const refused = refusal(request);
  const body = refused === undefined ? await bodyOf(request) : undefined;
  if (body === undefined) {
    refuse(request, response, refused ?? tooLarge);
    return;
  }
  const { status, type, text } = review(body);
  response.writeHead(status, { 'content-type': type }).end(text);
}

interface Refusal {
  status: number;
  text: string;
  headers?: Record<string, string>;
}

const tooLarge: Refusal = { status: 413, text: `the body has more than ${longestBody} bytes` };

function refusal({ url = '', method, headers }: IncomingMessage): Refusal | undefined {
  // The API server adds `?timeout=3s`.
  if (url.split('?', 1)[0] !== admissionPath) return { status: 404, text: 'not found' };
  if (method !== 'POST') return { status: 405, text: 'reviews are posted', headers: { allow: 'POST' } };
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) {
    return { status: 415, text: 'the body must be application/json' };
  }
  return Number(headers['content-length'] ?? 0) > longestBody ? tooLarge : undefined;
}

/** Ends the connection as well: the rest of the body is of no interest. */
function refuse(request: IncomingMessage, response: ServerResponse, { status, text, headers = {} }: Refusal): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close', ...headers });
  response.end(`${text}\n`);
  request.resume();
}

/** Undefined where it is too long. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop would destroy the connection before it is answered.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = chunk as Buffer;
    length += bytes.length;
    if (length > longestBody) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString();
}

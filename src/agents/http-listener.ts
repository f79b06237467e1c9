// SPDX-License-Identifier: Apache-2.0
import { createServer, type RequestListener } from 'node:http';
import { listening, type Listening } from './listening.js';

/** Longest time for the head of a request, for all of it, and for a silent connection, as k8s-network-prober has it. */
const limitMs = 10_000;
/** A pod has often more than one peer per port at once, but nobody needs thousands of connections to a prober. */
const maxConnections = 2048;

export type HttpListener = Listening;

/** Serves HTTP (see `listening`). */
export function listenHttp(port: number, host: string | undefined, listener: RequestListener): Promise<HttpListener> {
  const server = createServer({ requestTimeout: limitMs, headersTimeout: limitMs, connectionsCheckingInterval: 1000 });
  server.timeout = limitMs;
  server.maxConnections = maxConnections;
  server.on('request', listener);
  return listening(server, port, host);
}

/** The path of a request without its query. */
export function pathOf(url: string | undefined): string {
  return (url ?? '').split('?', 1)[0] ?? '';
}

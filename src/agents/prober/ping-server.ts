// SPDX-License-Identifier: Apache-2.0
import type { RequestListener } from 'node:http';
import { listenHttp, pathOf, type HttpListener } from '../http-listener.js';

/** What `/ping` answers to any method, as k8s-network-prober does. */
const pong = 'pong\n';

const answer: RequestListener = (request, response) => {
  const found = pathOf(request.url) === '/ping';
  response.writeHead(found ? 200 : 404, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(found ? pong : 'not found\n');
  // A body that somebody sends along is not of interest, but must not block the connection.
  request.resume();
};

/** Serves `/ping` and nothing else. */
export function startPingServer(port: number, host?: string): Promise<HttpListener> {
  return listenHttp(port, host, answer);
}

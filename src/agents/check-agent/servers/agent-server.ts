// SPDX-License-Identifier: Apache-2.0
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AgentReport } from '../../../model/check.js';
import { pathOf } from '../../http-listener.js';
import { listening, type Listening } from '../../listening.js';
import { isLoopback, type HeardCounts } from './heard.js';

/** What a request may take, in ms, and a silent connection. */
const limitMs = 10_000;
const maxConnections = 1024;
/** The longest payload that is read. */
export const mostPayloadBytes = 2 * 1024 * 1024;

export interface AgentServerOptions {
  port: number;
  /** All addresses where absent. */
  host?: string | undefined;
  heard: HeardCounts;
  /** The last one; undefined: none was made yet. */
  report: () => AgentReport | undefined;
}

/**
 * Serves what other agents probe: GET `/ping`, and POST `/payload`, whose answer is the number of bytes that came. Only to this network
 * namespace itself it tells its last report (`/report`) and who was heard (`/heard?sinceMs=`).
 */
export function startAgentServer({ port, host, heard, report }: AgentServerOptions): Promise<Listening> {
  const server = createServer({ requestTimeout: limitMs, headersTimeout: limitMs, connectionsCheckingInterval: 1000 });
  server.timeout = limitMs;
  server.maxConnections = maxConnections;
  server.on('connection', (socket) => {
    if (socket.remoteAddress !== undefined) heard.count('tcp', socket.remoteAddress);
  });
  server.on('request', (request, response) => {
    const path = pathOf(request.url);
    if (path === '/payload') {
      takePayload(request, response);
      return;
    }
    request.resume();
    if (request.method !== 'GET' && request.method !== 'HEAD') answer(response, 405, 'only GET\n');
    else if (path === '/ping') answer(response, 200, 'pong\n');
    else if (path === '/healthz' || path === '/readyz') answer(response, 200, 'ok\n');
    else if (!isLoopback(request.socket.remoteAddress)) answer(response, 404, 'not found\n');
    else if (path === '/report') {
      const last = report();
      if (last === undefined) answer(response, 503, 'no report was made yet\n');
      else answer(response, 200, JSON.stringify(last), 'application/json');
    } else if (path === '/heard') {
      const sinceMs = Number(new URL(request.url ?? '', 'http://agent').searchParams.get('sinceMs') ?? NaN);
      if (sinceMs >= 0) answer(response, 200, JSON.stringify(heard.since(sinceMs)), 'application/json');
      else answer(response, 400, 'sinceMs is no number\n');
    } else answer(response, 404, 'not found\n');
  });
  return listening(server, port, host);
}

function answer(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) }).end(text);
}

/** Reads to the end without keeping any of it; of too long a one the connection is cut. */
function takePayload(request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== 'POST') {
    request.resume();
    answer(response, 405, 'only POST\n');
    return;
  }
  let bytes = 0;
  let isTooLong = Number(request.headers['content-length'] ?? 0) > mostPayloadBytes;
  const refuse = (): void => {
    isTooLong = true;
    response.shouldKeepAlive = false;
    answer(response, 413, `longer than ${mostPayloadBytes} bytes\n`);
    response.once('finish', () => request.socket.destroySoon());
  };
  if (isTooLong) {
    refuse();
    return;
  }
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > mostPayloadBytes && !isTooLong) refuse();
  });
  request.on('error', () => undefined);
  request.once('end', () => {
    if (!isTooLong) answer(response, 200, `${bytes}\n`);
  });
}

// SPDX-License-Identifier: Apache-2.0
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, isIPv6 } from 'node:net';
import { millisecondsSince, probeLimitMs, resultOfError, type ProbeResult } from './probe-result.js';

/** What is read of an answer; the rest of a longer one is of no interest. */
const mostAnswerBytes = 1024 * 1024;

export interface HttpExchange {
  /** Where the connection goes. */
  address: string;
  port: number;
  /** For `Host` and for TLS; the address where there is none. */
  host?: string | undefined;
  path: string;
  /** Undefined: no TLS. */
  tls?: { verify: boolean } | undefined;
  /** Sent by POST; GET without it. */
  body?: string | undefined;
  /** What is wrong with an answer, as words; undefined: nothing. */
  complaint: (status: number, text: string) => string | undefined;
}

/** On a connection of its own, until the whole answer is there. Never rejects. */
export function httpProbe(exchange: HttpExchange): Promise<ProbeResult> {
  const { address, port, host, path, tls, body, complaint } = exchange;
  return new Promise((resolve) => {
    const startedMs = performance.now();
    const settle = (result: ProbeResult): void => {
      clearTimeout(limit);
      resolve(result);
      request.destroy();
    };
    const name = host ?? (isIPv6(address) ? `[${address}]` : address);
    const request = (tls === undefined ? requestHttp : requestHttps)({
      method: body === undefined ? 'GET' : 'POST',
      host: address,
      port,
      path,
      agent: false,
      headers: {
        host: `${name}:${port}`,
        'user-agent': 'netmachinery-check',
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      },
      ...(tls === undefined ? {} : { rejectUnauthorized: tls.verify, servername: serverName(host) }),
    });
    // What has arrived by then is read first: an agent that was busy itself must not count that as a fault of the network.
    const limit = setTimeout(() => setImmediate(() => settle({ value: 'timeout' })), probeLimitMs);
    request.on('error', (error) => settle(resultOfError(error)));
    request.once('response', (response) => {
      readAnswer(response, (text) => {
        const wrong = complaint(response.statusCode ?? 0, text);
        settle(wrong === undefined ? { value: millisecondsSince(startedMs) } : { value: 'status', detail: wrong });
      });
      response.on('error', (error) => settle(resultOfError(error)));
    });
    request.end(body);
  });
}

/** TLS knows no addresses as names (RFC 6066). */
function serverName(host: string | undefined): string {
  return host === undefined || isIP(host) !== 0 ? '' : host;
}

function readAnswer(response: IncomingMessage, take: (text: string) => void): void {
  let bytes = 0;
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    // Of a short answer all is kept.
    if (bytes <= 1024) chunks.push(chunk);
    if (bytes > mostAnswerBytes) take('');
  });
  response.once('end', () => take(Buffer.concat(chunks).toString()));
}

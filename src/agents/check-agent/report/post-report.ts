// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { request as requestHttps } from 'node:https';
import type { ServerAccess } from '../environment.js';
import { mostOrdersBytes } from '../orders.js';

/** Until a connection stands and TLS is spoken, and until all is answered, in ms. */
const limitMs = 5000;

export interface ReportPost {
  access: ServerAccess;
  address: string;
  port: number;
  pod: string;
  /** JSON. */
  body: string;
  signal: AbortSignal;
}

export interface ServerAnswer {
  status: number;
  text: string;
}

/** POST of a report, with token and authority as they are now. Rejects where no answer came. */
export function postReport({ access, address, port, pod, body, signal }: ReportPost): Promise<ServerAnswer> {
  return new Promise((resolve, reject) => {
    // Read at once, not in the threads that names are resolved in (probes/names.ts). What throws here rejects.
    const token = readFileSync(access.token, 'utf8').trim();
    const ca = readFileSync(access.authority);
    const request = requestHttps({
      method: 'POST',
      host: address,
      port,
      path: `/api/v2/agents/${encodeURIComponent(pod)}`,
      agent: false,
      ca,
      // Of the name that the certificate is for, wherever it is sent to.
      servername: access.name,
      headers: {
        host: access.name,
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'netmachinery-check-agent',
      },
      signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
    });
    request.on('error', reject);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > mostOrdersBytes) request.destroy(new Error(`the answer is longer than ${mostOrdersBytes} bytes`));
      });
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    request.end(body);
  });
}

// SPDX-License-Identifier: Apache-2.0
import type { ServerResponse } from 'node:http';
import type { Answer } from './plain-answers.js';

/** Sends an answer with its length, as Go does with bodies that it knows. */
export function send(response: ServerResponse, { status, headers, text }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(text)) });
  response.end(text);
}

// SPDX-License-Identifier: Apache-2.0
import type { OutgoingHttpHeaders } from 'node:http';
import type { Credential } from './credential.js';
import { impersonationHeaders } from './credentials.js';
import type { Settings } from './settings.js';
import { userAgent } from './user-agent.js';

/** One HTTP request. `path` starts with a slash and has its query. */
export interface HttpRequest {
  method: string;
  path: string;
  body?: string | undefined;
  contentType?: string | undefined;
  headers?: OutgoingHttpHeaders | undefined;
  signal?: AbortSignal | undefined;
  /** Limit of the whole request in ms, its answer included; 0 or absent: none. */
  totalMs?: number | undefined;
  /** Limit of the time in which nothing is heard, in ms. */
  silenceMs: number;
}

/** The headers that a request is sent with. */
export function requestHeaders(
  { headers: own, body, contentType }: HttpRequest,
  { authorization }: Credential,
  settings: Settings,
): OutgoingHttpHeaders {
  return {
    Accept: 'application/json',
    'User-Agent': userAgent,
    ...(settings.disableCompression ? {} : { 'Accept-Encoding': 'gzip' }),
    ...impersonationHeaders(settings),
    ...own,
    ...(authorization === undefined ? {} : { Authorization: authorization }),
    ...(body === undefined
      ? {}
      : { 'Content-Type': contentType ?? 'application/json', 'Content-Length': Buffer.byteLength(body) }),
  };
}

// SPDX-License-Identifier: Apache-2.0
import { pathOf, listenHttp } from '../http-listener.js';
import type { Listening } from '../listening.js';
import { Refused, type Answer } from './answer.js';
import { longestControls } from './api.js';
import { answering } from './api-listener.js';
import { readBody } from './request-body.js';

/** Serves POST /status to processes of the own pod: plain HTTP, on 127.0.0.1 alone. */
export function listenLoopback(
  port: number,
  status: (body: string) => Promise<Answer>,
  log: (line: string) => void,
): Promise<Listening> {
  return listenHttp(
    port,
    '127.0.0.1',
    answering(async (request) => {
      if (pathOf(request.url) !== '/status') throw new Refused(404, 'not found');
      if (request.method !== 'POST') throw new Refused(405, 'reports are posted', { allow: 'POST' });
      return status(await readBody(request, longestControls));
    }, log),
  );
}

// SPDX-License-Identifier: Apache-2.0
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import { goError } from './plain-answers.js';
import { send } from './send.js';

/** On a request that was forwarded once: it is not forwarded again, for two replicas may disagree for a moment. */
const forwardedHeader = 'x-netmachinery-forwarded';
const limitMs = 10_000;
const passedOn = ['content-type', 'allow', 'location', 'x-content-type-options'];

/** Hands a request to the replica that leads, and its answer back; 503 where there is none that answers. */
export function forward(
  incoming: IncomingMessage,
  response: ServerResponse,
  { address, port }: { address: string | undefined; port: number },
): void {
  const fail = (words: string): void => {
    incoming.resume();
    if (response.headersSent) response.destroy();
    else send(response, goError(503, words));
  };
  if (address === undefined || incoming.headers[forwardedHeader] !== undefined) {
    fail('no replica of the server leads at the moment');
    return;
  }
  const { 'content-length': length, 'content-type': type, host } = incoming.headers;
  const outgoing = httpRequest({
    host: address,
    port,
    method: incoming.method,
    path: incoming.url,
    agent: false,
    timeout: limitMs,
    headers: {
      [forwardedHeader]: '1',
      host: host ?? (isIPv6(address) ? `[${address}]` : address),
      ...(length === undefined ? {} : { 'content-length': length }),
      ...(type === undefined ? {} : { 'content-type': type }),
    },
  });
  outgoing.once('timeout', () => outgoing.destroy(new Error('no answer in time')));
  outgoing.on('error', ({ message }) => fail(`the replica that leads cannot be reached: ${message}`));
  outgoing.once('response', (answer) => {
    const headers = passedOn.flatMap((name) => {
      const value = answer.headers[name];
      return value === undefined ? [] : [[name, String(value)] as const];
    });
    const size = answer.headers['content-length'];
    response.writeHead(answer.statusCode ?? 502, {
      ...Object.fromEntries(headers),
      ...(size === undefined ? {} : { 'content-length': size }),
    });
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  });
  response.once('close', () => outgoing.destroy());
  incoming.pipe(outgoing);
}

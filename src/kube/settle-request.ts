// SPDX-License-Identifier: Apache-2.0
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Failure } from '../errors/failure.js';
import type { Guard } from './guard.js';

/** A connection that no longer speaks HTTP; `head` came with the answer. */
export interface Upgraded {
  socket: Duplex;
  head: Buffer;
  headers: IncomingHttpHeaders;
}

/** What a request has led to. */
export type Settled = { message: IncomingMessage } | { upgraded: Upgraded };

/** Without this a server that is not there would be waited for as long as one that works on its answer. */
export function limitConnecting(outgoing: ClientRequest, limitMs: number, host: string): void {
  outgoing.once('socket', (socket) => {
    if (!socket.connecting) return;
    const words = `Unable to connect to the server: dial tcp ${host}: i/o timeout`;
    const giveUp = () => outgoing.destroy(new Failure('cluster', words, { reason: 'DeadlineExceeded' }));
    const timer = setTimeout(giveUp, limitMs);
    const stop = () => clearTimeout(timer);
    socket.once('connect', stop);
    outgoing.once('close', stop);
  });
}

/** Waits for the answer's head, or until the guard ends the request; `abandoned` then aborts too. */
export function settle(outgoing: ClientRequest, guard: Guard, abandoned: AbortController): Promise<Settled> {
  return new Promise((resolve, reject) => {
    guard.end = (failure) => {
      outgoing.destroy(failure);
      abandoned.abort(failure);
      reject(failure);
    };
    outgoing.on('error', reject);
    outgoing.on('response', (message) => resolve({ message }));
    outgoing.on('upgrade', (message, socket, head) => {
      resolve({ upgraded: { socket, head, headers: message.headers } });
    });
  });
}

// SPDX-License-Identifier: Apache-2.0
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Failure } from '../errors/failure.js';

export interface Listening {
  readonly port: number;
  /** Takes no new connections, lets running requests end, and cuts what is left after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** What ends a server, of HTTP or HTTPS. */
type Endable = Pick<Server, 'on' | 'listen' | 'address' | 'close' | 'closeAllConnections'>;

/** Listens on all addresses, IPv6 and IPv4, or only on `host`; port 0 is a free one. Throws Failure(cluster) when the port is taken. */
export async function listening(server: Endable, port: number, host: string | undefined): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    // Stays: a connection that cannot be accepted later, for want of file descriptors, is not to end the process.
    server.on('error', (cause) =>
      reject(new Failure('cluster', `cannot listen on port ${port}: ${cause.message}`, { cause })),
    );
    server.listen({ port, ...(host === undefined ? {} : { host }) }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: (graceMs) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), graceMs);
        // Since Node.js 19 this closes idle kept-alive connections as well.
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
      }),
  };
}

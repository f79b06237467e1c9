// SPDX-License-Identifier: Apache-2.0
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Failure } from '../../../errors/failure.js';
import { echoAnswer } from '../echo-datagram.js';

export interface UdpEcho {
  close(): void;
}

/**
 * Answers the datagrams of agents on all addresses, or on `host` only. `onRequest` is told who sent one. Where there is no IPv6,
 * IPv4 alone is served. Throws Failure(cluster) when the port is taken.
 */
export async function startUdpEcho(
  port: number,
  host: string | undefined,
  onRequest: (address: string) => void,
): Promise<UdpEcho> {
  const sockets: Socket[] = [];
  const close = (): void => {
    for (const socket of sockets) socket.close();
  };
  const families = host === undefined ? (['udp4', 'udp6'] as const) : ([host.includes(':') ? 'udp6' : 'udp4'] as const);
  for (const type of families) {
    const socket = createSocket({ type, ipv6Only: type === 'udp6' });
    try {
      const bound = once(socket, 'listening');
      socket.bind({ port, ...(host === undefined ? {} : { address: host }) });
      await bound;
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      if (type === 'udp6' && host === undefined && (code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL')) continue;
      close();
      throw new Failure('cluster', `cannot listen on UDP port ${port}: ${message}`, { cause });
    }
    // Of an answer that cannot be sent, and of what ICMP says of an earlier one.
    socket.on('error', () => undefined);
    socket.on('message', (datagram, from) => {
      const answer = echoAnswer(datagram);
      if (answer === undefined || from.port === 0) return;
      onRequest(from.address);
      socket.send(answer, from.port, from.address, () => undefined);
    });
    sockets.push(socket);
  }
  return { close };
}

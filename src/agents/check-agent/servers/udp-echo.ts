// SPDX-License-Identifier: Apache-2.0
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { Failure } from '../../../errors/failure.js';
import { echoAnswer } from '../echo-datagram.js';

export interface UdpEcho {
  close(): void;
}

/**
 * Answers the datagrams of agents that are sent to one of these addresses. On a node, which has many, an answer from a socket of all addresses
 * would leave from the one that is next to the other agent, who has not asked that one and does not hear it. `onRequest` is
 * told who sent one. Addresses that are not of this host are left out. Throws Failure(cluster) when the port is taken.
 */
export async function startUdpEcho(
  port: number,
  addresses: readonly string[],
  onRequest: (address: string) => void,
): Promise<UdpEcho> {
  const sockets: Socket[] = [];
  const close = (): void => {
    for (const socket of sockets) socket.close();
  };
  for (const address of new Set(addresses)) {
    const type = isIPv6(address) ? 'udp6' : 'udp4';
    const socket = createSocket({ type, ipv6Only: type === 'udp6' });
    try {
      const bound = once(socket, 'listening');
      socket.bind({ port, address });
      await bound;
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL') continue;
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

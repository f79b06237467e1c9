// SPDX-License-Identifier: Apache-2.0
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { probeLimitMs } from './probe-result.js';

/** The discard port (RFC 863); nothing is sent there. */
const anyPort = 9;

/** The address that packets to `address` leave from, as the kernel's routes have it; undefined: there is none. */
export async function sourceAddress(address: string): Promise<string | undefined> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  try {
    // To connect a datagram socket looks up the route (ip(7)), and no more.
    const connected = once(socket, 'connect', { signal: AbortSignal.timeout(probeLimitMs) });
    socket.connect(anyPort, address);
    await connected;
    return socket.address().address.replace(/%.*$/, '');
  } catch {
    return undefined;
  } finally {
    socket.on('error', () => undefined).close();
  }
}

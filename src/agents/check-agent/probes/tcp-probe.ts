// SPDX-License-Identifier: Apache-2.0
import { connect } from 'node:net';
import { millisecondsSince, probeLimitMs, resultOfError, type ProbeResult } from './probe-result.js';

/** Until a connection stands; the kernel repeats a lost SYN after a second (RFC 6298). Never rejects. */
export function tcpProbe(address: string, port: number): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const startedMs = performance.now();
    const settle = (result: ProbeResult): void => {
      clearTimeout(limit);
      resolve(result);
      socket.destroy();
    };
    const socket = connect({ host: address, port });
    socket.once('connect', () => settle({ value: millisecondsSince(startedMs) }));
    socket.on('error', (error) => settle(resultOfError(error)));
    // What has arrived by then is read first: an agent that was busy itself must not count that as a fault of the network.
    const limit = setTimeout(() => setImmediate(() => settle({ value: 'timeout' })), probeLimitMs);
  });
}

// SPDX-License-Identifier: Apache-2.0
import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { echoRequest, isEchoAnswer } from '../echo-datagram.js';
import { millisecondsSince, resultOfError, type ProbeResult } from './probe-result.js';
import { whileSilent } from './while-silent.js';

/** A datagram to an agent until it comes back. Never rejects. */
export function udpProbe(address: string, port: number): Promise<ProbeResult> {
  return whileSilent((signal) => exchange(address, port, signal));
}

function exchange(address: string, port: number, signal: AbortSignal): Promise<ProbeResult> {
  return new Promise((resolve) => {
    // Closes by itself with the signal.
    const socket = createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4', signal });
    const request = echoRequest();
    let startedMs = performance.now();
    let isOpen = true;
    const settle = (result: ProbeResult): void => {
      resolve(result);
      if (isOpen) socket.close();
      isOpen = false;
    };
    socket.once('close', () => {
      isOpen = false;
      resolve({ value: 'timeout' });
    });
    socket.on('message', (datagram) => {
      if (isEchoAnswer(request, datagram)) settle({ value: millisecondsSince(startedMs) });
    });
    // Also of a send that failed, as there is no callback that would be told.
    socket.on('error', (error) => settle(resultOfError(error)));
    // A connected socket hears of ICMP's refusals (udp(7)). Of no route only the callback is told.
    socket.connect(port, address, (error?: Error) => {
      if (error !== undefined) settle(resultOfError(error));
      if (!isOpen) return;
      startedMs = performance.now();
      socket.send(request);
    });
  });
}

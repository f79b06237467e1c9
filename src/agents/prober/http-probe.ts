// SPDX-License-Identifier: Apache-2.0
import { connect, isIPv6 } from 'node:net';
import { reasonOfError, type FailureReason, type ProbeResult } from './probe-result.js';
import { ResponseHead } from './response-head.js';

export interface HttpAttempt {
  /** Until the connection stood. */
  tcp: ProbeResult;
  /** Until the head of the response was there, the connection included, as k8s-network-prober measures. */
  http: ProbeResult;
}

/** More than the head of a usual answer, so that one read takes it; of a pool of Node.js, which a whole page is not. */
const readBytes = 1024;

/**
 * GET /ping on a connection of its own, so that each attempt includes the handshake. Never rejects; ends within
 * `timeoutMs`, or at once with `signal`.
 */
export function httpProbe(ip: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<HttpAttempt> {
  return new Promise((resolve) => {
    const started = performance.now();
    const seconds = (): number => (performance.now() - started) / 1000;
    let tcp: ProbeResult | undefined;
    // What comes after the first of them changes nothing.
    const fail = (failure: FailureReason): void => resolve({ tcp: tcp ?? { failure }, http: { failure } });

    let head: ResponseHead | undefined = new ResponseHead();
    const take = (bytes: Uint8Array): void => {
      const elapsed = seconds();
      const status = head?.take(bytes);
      if (status === undefined) return;
      head = undefined;
      if (status === 200) resolve({ tcp: tcp ?? { seconds: elapsed }, http: { seconds: elapsed } });
      else fail(status === 'invalid' ? 'other' : 'http-status');
      // The body is read to its end, so that the connection closes properly; the limit holds for it too.
      if (status === 'invalid') socket.destroy();
    };
    const socket = connect({
      host: ip,
      port,
      // Past the streams of Node.js, which cost more than the rest.
      onread: {
        buffer: Buffer.allocUnsafe(readBytes),
        callback: (count, buffer) => {
          take(buffer.subarray(0, count));
          return true;
        },
      },
    });
    socket.once('connect', () => {
      tcp = { seconds: seconds() };
      const host = isIPv6(ip) ? `[${ip}]` : ip;
      socket.write(`GET /ping HTTP/1.1\r\nHost: ${host}:${port}\r\nConnection: close\r\n\r\n`, 'latin1');
    });
    // The server ended without a response, or after it: nothing is left to say.
    socket.once('end', () => {
      fail('reset');
      socket.destroy();
    });
    socket.on('error', (error) => fail(reasonOfError(error)));

    const cut = (failure: FailureReason) => (): void => {
      fail(failure);
      socket.destroy();
    };
    // What has arrived by then is read first: a prober that was busy itself must not count that as a fault of the network.
    const limit = setTimeout(() => setImmediate(cut('timeout')), timeoutMs);
    const leave = cut('other');
    signal.addEventListener('abort', leave);
    socket.once('close', () => {
      clearTimeout(limit);
      signal.removeEventListener('abort', leave);
      fail('other');
    });
    if (signal.aborted) leave();
  });
}

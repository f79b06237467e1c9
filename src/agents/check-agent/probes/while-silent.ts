// SPDX-License-Identifier: Apache-2.0
import { probeLimitMs, type ProbeResult } from './probe-result.js';

const attempts = 3;

/**
 * Makes an attempt at once, and another one after a second and after two where there was no answer until then: a single
 * lost datagram is no failure. The first answer counts, of whatever kind, and each attempt may wait for it to the end.
 * An attempt ends with its signal and may then resolve with anything.
 */
export function whileSilent(attempt: (signal: AbortSignal) => Promise<ProbeResult>): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const end = new AbortController();
    const timers: NodeJS.Timeout[] = [];
    const settle = (result: ProbeResult): void => {
      for (const timer of timers) clearTimeout(timer);
      resolve(result);
      end.abort();
    };
    const start = (): void => {
      void attempt(end.signal).then((result) => {
        if (result.value !== 'timeout') settle(result);
      });
    };
    for (let each = 1; each < attempts; each++) timers.push(setTimeout(start, (each * probeLimitMs) / attempts));
    // What has arrived by then is read first: an agent that was busy itself must not count that as a fault of the network.
    timers.push(setTimeout(() => setImmediate(() => settle({ value: 'timeout' })), probeLimitMs));
    start();
  });
}

// SPDX-License-Identifier: Apache-2.0
import { httpProbe } from './probes/http-probe.js';
import { tcpProbe } from './probes/tcp-probe.js';
import { udpProbe } from './probes/udp-probe.js';

const times = 3;

/**
 * Has the code of the probes loaded and compiled before it measures: the first of each kind take 100 ms of a slow processor. They go to
 * the own agent, and what they find is of no interest.
 */
export async function warmUp(port: number): Promise<void> {
  const address = '127.0.0.1';
  const complaint = (): undefined => undefined;
  for (let time = 0; time < times; time++) {
    await tcpProbe(address, port);
    await udpProbe(address, port);
    await httpProbe({ address, port, path: '/ping', complaint });
    await httpProbe({ address, port, path: '/payload', body: '[]', complaint });
  }
}

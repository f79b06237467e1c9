// SPDX-License-Identifier: Apache-2.0
import type { Direction } from '../model/shaping.js';
import type { Scope } from './scope.js';

/** How a shape's effect can be seen from its own pod: by echoes, by TCP connects to a port (absent: any), or not at all. */
export type MeasuringMethod = { probe: 'echo' } | { probe: 'connect'; port?: number } | { unmeasured: string };

/** Only packets that the rule is meant for show what it does. */
export function measuringMethod(scope: Scope, direction: Direction): MeasuringMethod {
  const { protocol, ports, sourcePorts, destinationPorts } = scope;
  if (protocol === 'icmp') return { probe: 'echo' };
  if (protocol === 'udp') return { unmeasured: 'only UDP is shaped, which need not be answered' };
  const [own, others] = direction === 'ingress' ? [destinationPorts, sourcePorts] : [sourcePorts, destinationPorts];
  if (own.length > 0) {
    const which = `only the pod's own port ${own.join(', ')} is shaped`;
    return { unmeasured: `${which}: connections that others open to it would show it` };
  }
  const [port] = others.length === 0 ? ports : others.filter((one) => ports.length === 0 || ports.includes(one));
  if (port !== undefined) return { probe: 'connect', port };
  if (others.length > 0) return { unmeasured: 'no packet has both a shaped port and a shaped destination port' };
  return protocol === 'tcp' ? { probe: 'connect' } : { probe: 'echo' };
}

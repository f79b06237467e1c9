// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import { Failure } from '../../errors/failure.js';
import {
  defaultMetricsPort,
  defaultNeighbours,
  defaultPingPort,
  durationVariable,
  meshVariable,
  mostNeighbours,
  neighboursVariable,
  peerListKey,
} from '../../model/prober.js';

/** Who this prober is, as the downward API tells it; an empty word is not known. */
export interface Identity {
  namespace: string;
  pod: string;
  node: string;
  /** As `meshVariable` has it. */
  mesh: string;
  /** Addresses of the own pod, IPv4 and IPv6. */
  ips: readonly string[];
}

export interface ProberEnvironment {
  /** Port of `/ping`. */
  httpPort: number;
  /** Port of `/metrics`, `/healthz` and `/readyz`. */
  prometheusPort: number;
  /** Path of the peer list. */
  configFile: string;
  /** How many next members on the ring are probed once there are many; 0: all. */
  neighbours: number;
  /** Milliseconds after which the prober ends by itself; undefined: never. */
  durationMs?: number | undefined;
  own: Identity;
}

const defaultConfigFile = `/etc/netprober/${peerListKey}`;

/** Reads the variables of k8s-network-prober, and ours; set but empty is not set. Throws Failure(usage), naming the variable. */
export function proberEnvironment(variables: Readonly<Record<string, string | undefined>>): ProberEnvironment {
  const word = (name: string): string => variables[name]?.trim() ?? '';
  const whole = (name: string, fallback: number, least: number, most: number): number => {
    const text = word(name);
    if (text === '') return fallback;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (!(value >= least && value <= most))
      throw new Failure('usage', `${name} is "${text}", but must be a whole number from ${least} to ${most}`);
    return value;
  };
  const httpPort = whole('HTTP_PORT', defaultPingPort, 1, 65_535);
  const prometheusPort = whole('HTTP_PROMETHEUS_PORT', defaultMetricsPort, 1, 65_535);
  if (httpPort === prometheusPort)
    throw new Failure('usage', `HTTP_PORT and HTTP_PROMETHEUS_PORT are both ${httpPort}, but must differ`);
  return {
    httpPort,
    prometheusPort,
    configFile: word('NET_PROBER_CONFIG_FILE') || defaultConfigFile,
    neighbours: whole(neighboursVariable, defaultNeighbours, 0, mostNeighbours),
    durationMs: word(durationVariable) === '' ? undefined : 1000 * whole(durationVariable, 1, 1, 1_000_000),
    own: {
      namespace: word('POD_NAMESPACE'),
      // The kubelet sets the host name of a pod to its name, unless the pod asks for another one.
      pod: word('POD_NAME') || word('HOSTNAME'),
      node: word('NODE_NAME'),
      mesh: word(meshVariable),
      ips: addresses(word('POD_IPS')),
    },
  };
}

/** `status.podIPs` through the downward API: addresses with commas between them. */
function addresses(text: string): string[] {
  const words = text.split(',').flatMap((part) => part.trim() || []);
  const wrong = words.find((part) => isIP(part) === 0);
  if (wrong !== undefined) throw new Failure('usage', `POD_IPS has "${wrong}", which is not an IP address`);
  return words;
}

// SPDX-License-Identifier: Apache-2.0
import type { InstalledObject } from '../../installation/installed-object.js';
import { checkAgentName, checkNamespace, checkServerName, checkServerPorts } from '../../model/check.js';
import { labelsOf, selectorLabels, type InstallOptions } from './install-options.js';

const apiVersion = 'networking.k8s.io/v1';
const kind = 'NetworkPolicy';
const port = (protocol: string, number: number) => ({ protocol, port: number });

/**
 * Agents of the pod network may be reached from everywhere, and reach everything: that they do is what is checked, and
 * policies that somebody lays over whole namespaces would be found as faults of the network. Ports could be named, but a
 * rule with ports lets no ICMP in, and agents in the nodes' network have no labels to let them in by.
 */
export function agentPolicy(): InstalledObject {
  return {
    apiVersion,
    kind,
    metadata: { name: checkAgentName, namespace: checkNamespace, labels: labelsOf(checkAgentName) },
    spec: {
      podSelector: { matchLabels: selectorLabels(checkAgentName) },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{}],
      egress: [{}],
    },
  };
}

/**
 * The server may be reached on what it serves, and reaches its other replica, DNS and the API server, which has no labels: ports
 * are what can be said. DNS too: resolvers on nodes have no labels either.
 */
export function serverPolicy({ apiPorts, legacyApi }: InstallOptions): InstalledObject {
  const { api, legacy, health, metrics } = checkServerPorts;
  const served = [api, ...(legacyApi ? [legacy] : [])].map((each) => port('TCP', each));
  const podSelector = { matchLabels: selectorLabels(checkServerName) };
  return {
    apiVersion,
    kind,
    metadata: { name: checkServerName, namespace: checkNamespace, labels: labelsOf(checkServerName) },
    spec: {
      podSelector,
      policyTypes: ['Ingress', 'Egress'],
      // Agents in the nodes' network, the kubelet's probes and Prometheus come from addresses that nobody can know here.
      ingress: [{ ports: [...served, port('TCP', health), port('TCP', metrics)] }],
      egress: [
        { ports: [port('UDP', 53), port('TCP', 53)] },
        { ports: apiPorts.map((each) => port('TCP', each)) },
        { to: [{ podSelector }] },
      ],
    },
  };
}

// SPDX-License-Identifier: Apache-2.0
import { agentNamespace, controllerName, webhookName } from '../../model/prober.js';
import { openPorts } from './agent-deployments.js';
import { agentLabels, selectorLabels, type Agent, type AgentOptions } from './agent-options.js';
import type { InstalledObject } from '../../installation/installed-object.js';

const port = (protocol: string, number: number) => ({ protocol, port: number });

/**
 * What the agents may be reached on, and reach. The API server has no labels, and is reached and comes from an address that
 * nobody can know here: ports are what can be said. DNS too: resolvers on nodes have no labels either.
 */
function policy(agent: Agent, open: readonly number[], { apiPorts }: AgentOptions): InstalledObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: agent, namespace: agentNamespace, labels: agentLabels(agent) },
    spec: {
      podSelector: { matchLabels: selectorLabels(agent) },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ ports: open.map((each) => port('TCP', each)) }],
      egress: [{ ports: [port('UDP', 53), port('TCP', 53)] }, { ports: apiPorts.map((each) => port('TCP', each)) }],
    },
  };
}

export function controllerPolicy(options: AgentOptions): InstalledObject {
  return policy(controllerName, openPorts.controller, options);
}

export function webhookPolicy(options: AgentOptions): InstalledObject {
  return policy(webhookName, openPorts.webhook, options);
}

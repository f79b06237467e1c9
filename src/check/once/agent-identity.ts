// SPDX-License-Identifier: Apache-2.0
import type { Pod } from '../../kube/objects.js';
import type { AgentIdentity } from '../../model/check.js';
import type { PlannedAgent } from './once-plan.js';

/** Who a running agent is, as its pod's status says. */
export function agentIdentity({ node, network, namespace, pod: name }: PlannedAgent, pod: Pod): AgentIdentity {
  const { podIPs = [], podIP } = pod.status ?? {};
  const first = podIP === undefined ? [] : [podIP];
  const ips = podIPs.length > 0 ? podIPs.map(({ ip }) => ip) : first;
  return { node: node.name, network, namespace, pod: name, ips };
}

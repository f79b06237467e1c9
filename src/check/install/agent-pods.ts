// SPDX-License-Identifier: Apache-2.0
import type { DaemonPod } from '../../connectivity/daemon-pod.js';
import type { Cluster } from '../../kube/cluster.js';
import { checkAgentName, type AgentNetwork } from '../../model/check.js';
import { selectorLabels } from '../objects/install-options.js';
import { namespaceOf } from '../objects/namespaces.js';

/** `KEY=VALUE,...` of labels. */
export function selectorText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

/** The agents' pods of a network that are not going away. Throws as Cluster does. */
export async function agentPods(cluster: Cluster, network: AgentNetwork, signal: AbortSignal): Promise<DaemonPod[]> {
  const path = `/api/v1/namespaces/${namespaceOf(network)}/pods`;
  const found: DaemonPod[] = [];
  const labelSelector = selectorText(selectorLabels(checkAgentName));
  for await (const page of cluster.list<DaemonPod>(path, { labelSelector, signal })) found.push(...page);
  return found.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

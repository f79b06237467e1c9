// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../../kube/cluster.js';
import type { Pod } from '../../kube/objects.js';
import { checkAgentName, type AgentNetwork } from '../../model/check.js';
import { selectorLabels } from '../objects/install-options.js';
import { namespaceOf } from '../objects/namespaces.js';

export type AgentPod = Pod & {
  spec: {
    affinity?: {
      nodeAffinity?: {
        requiredDuringSchedulingIgnoredDuringExecution?: {
          nodeSelectorTerms?: { matchFields?: { key: string; values?: string[] }[] }[];
        };
      };
    };
  };
};

/** `KEY=VALUE,...` of labels. */
export function selectorText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

/** The agents' pods of a network that are not going away. Throws as Cluster does. */
export async function agentPods(cluster: Cluster, network: AgentNetwork, signal: AbortSignal): Promise<AgentPod[]> {
  const path = `/api/v1/namespaces/${namespaceOf(network)}/pods`;
  const found: AgentPod[] = [];
  const labelSelector = selectorText(selectorLabels(checkAgentName));
  for await (const page of cluster.list<AgentPod>(path, { labelSelector, signal })) found.push(...page);
  return found.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

/** The node of a DaemonSet's pod, also where it is not scheduled: the controller writes it as an affinity. */
export function nodeOf({ spec }: AgentPod): string | undefined {
  if (spec.nodeName !== undefined) return spec.nodeName;
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  return terms.flatMap(({ matchFields = [] }) => matchFields).find(({ key }) => key === 'metadata.name')?.values?.[0];
}

/** Whether the pod answers its readiness probe. */
export function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
}

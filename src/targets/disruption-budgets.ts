// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../kube/cluster.js';
import type { KubeObject, LabelSelector, Pod } from '../kube/objects.js';
import { probePodLabel } from '../kube/probe-pod-metadata.js';
import { matchesSelector } from './label-selectors.js';

interface PodDisruptionBudget extends KubeObject {
  spec: { selector?: LabelSelector; minAvailable?: number | string; maxUnavailable?: number | string };
}

/**
 * Whether a budget is counted by the scale of its pods' controllers: a pod whose controller has none, as a Pod, makes the
 * disruption controller report SyncFailed and allow nothing (kubernetes pkg/controller/disruption, getExpectedPodCount).
 */
function isCountedByControllers({ spec }: PodDisruptionBudget): boolean {
  return spec.maxUnavailable !== undefined || typeof spec.minAvailable === 'string';
}

/**
 * The PodDisruptionBudgets, as `NAMESPACE/NAME`, that allow no eviction as long as there is a probe pod with the labels of one
 * of these. An extra: those that cannot be read are left out, and nothing is thrown.
 */
export async function strictBudgets(cluster: Cluster, pods: readonly Pod[], signal: AbortSignal): Promise<string[]> {
  const namespaces = [...new Set(pods.map(({ metadata }) => metadata.namespace ?? cluster.namespace))];
  const names: string[] = [];
  const read = async (namespace: string): Promise<void> => {
    const own = pods
      .filter(({ metadata }) => (metadata.namespace ?? cluster.namespace) === namespace)
      .map(({ metadata }) => ({ ...metadata.labels, [probePodLabel]: 'true' }));
    const path = `/apis/policy/v1/namespaces/${encodeURIComponent(namespace)}/poddisruptionbudgets`;
    for await (const page of cluster.list<PodDisruptionBudget>(path, { signal })) {
      for (const budget of page) {
        const { selector } = budget.spec;
        const selects = selector !== undefined && own.some((labels) => matchesSelector(selector, labels));
        if (selects && isCountedByControllers(budget)) names.push(`${namespace}/${budget.metadata.name}`);
      }
    }
  };
  await Promise.allSettled(namespaces.map(read));
  return names.sort();
}

// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../../kube/cluster.js';
import type { Pod } from '../../kube/objects.js';
import { meshVariable, proberContainerName } from '../../model/prober.js';
import { formatSelector } from '../../targets/label-selectors.js';
import { unfinishedPods } from '../../targets/workload-pods.js';
import type { ProberSpec } from '../network-prober.js';

/** The pods of these namespaces that a NetworkProber selects and that go on. */
export async function selectedPods(
  cluster: Cluster,
  { selector }: Pick<ProberSpec, 'selector'>,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<Pod[]> {
  const labelSelector = formatSelector(selector);
  const found: Pod[] = [];
  for (const namespace of namespaces) {
    const options = { labelSelector, fieldSelector: unfinishedPods, signal };
    for await (const page of cluster.list<Pod>(`/api/v1/namespaces/${namespace}/pods`, options)) {
      found.push(...page.filter(({ metadata }) => metadata.deletionTimestamp === undefined));
    }
  }
  return found;
}

/** The mesh of the prober in a pod: empty for one that is not ours, undefined where there is none. */
export function meshOfPod({ spec }: Pod): string | undefined {
  const prober = [...spec.containers, ...(spec.initContainers ?? [])].find(({ name }) => name === proberContainerName);
  return prober && (prober.env?.find(({ name }) => name === meshVariable)?.value ?? '');
}

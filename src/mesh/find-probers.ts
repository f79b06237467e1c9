// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../kube/cluster.js';
import { visitPods, type PodScope } from '../targets/visit-pods.js';
import { probersOf, type ProberPlace } from './prober-place.js';

/** The probers of the pods of a scope, in order of their names; only those of `mesh`, if one is named. Throws what `visitPods` throws. */
export async function findProbers(
  cluster: Cluster,
  scope: PodScope,
  mesh: string | undefined,
  signal: AbortSignal,
): Promise<ProberPlace[]> {
  const found: ProberPlace[] = [];
  await visitPods(cluster, scope, signal, (pod) => {
    found.push(...probersOf(pod).filter((prober) => mesh === undefined || prober.mesh === mesh));
  });
  const key = ({ namespace, pod, container }: ProberPlace) => `${namespace}/${pod}/${container}`;
  return found.sort((left, right) => (key(left) < key(right) ? -1 : 1));
}

// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../../kube/cluster.js';
import { isForbidden } from '../../kube/container-events.js';
import type { KubeObject } from '../../kube/objects.js';
import { mayReach } from '../network-prober.js';

/** The namespaces whose pods NetworkProbers of this one may select: it alone for those who may not list namespaces. */
export async function reachedNamespaces(cluster: Cluster, namespace: string, signal: AbortSignal): Promise<string[]> {
  const reached = new Set([namespace]);
  try {
    for await (const page of cluster.list<KubeObject>('/api/v1/namespaces', { metadataOnly: true, signal })) {
      for (const each of page) if (mayReach(each, namespace)) reached.add(each.metadata.name);
    }
  } catch (thrown) {
    if (!isForbidden(thrown)) throw thrown;
  }
  return [...reached];
}

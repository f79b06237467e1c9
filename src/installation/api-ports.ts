// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../kube/cluster.js';
import { isForbidden } from '../kube/container-events.js';
import type { EndpointSlice } from '../kube/objects.js';
import { getIfThere } from './apply-object.js';

/** Where API servers listen in most clusters. */
export const usualApiPorts: readonly number[] = [443, 6443];

/** The ports behind the Service of the API server, which NetworkPolicies count by; the usual ones as well. */
export async function apiPorts(cluster: Cluster, signal: AbortSignal): Promise<number[]> {
  const path = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes';
  const slice = await getIfThere<EndpointSlice>(cluster, path, signal).catch((thrown: unknown) => {
    if (isForbidden(thrown)) return undefined;
    throw thrown;
  });
  const ports = slice?.ports?.flatMap(({ port }) => port ?? []) ?? [];
  return [...new Set([...usualApiPorts, ...ports])].sort((one, other) => one - other);
}

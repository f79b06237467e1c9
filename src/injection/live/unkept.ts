// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import { agentNamespace, controllerName, peerListLabel, peerListName, peerListRole } from '../../model/prober.js';
import { configMapsPath, type PeerListMap } from './peer-list-map.js';

/**
 * The namespaces (undefined: that of the context) in which nobody keeps the peer list of a mesh: there is no controller, or
 * it has not been let in. A list that somebody wrote as a static one is not missed. Throws Failure where that may not be read.
 */
export async function unkeptNamespaces(
  cluster: Cluster,
  mesh: string,
  namespaces: readonly (string | undefined)[],
  signal: AbortSignal,
): Promise<string[]> {
  const exists = async <T>(path: string): Promise<T | undefined> => {
    try {
      return await cluster.get<T>(path, { signal });
    } catch (thrown) {
      if (thrown instanceof Failure && thrown.status === 404) return undefined;
      throw thrown;
    }
  };
  const controller = exists(`/apis/apps/v1/namespaces/${agentNamespace}/deployments/${controllerName}`);
  const named = [...new Set(namespaces.map((each) => each ?? cluster.namespace))];
  const kept = await Promise.all(
    named.map(async (namespace) => {
      const map = await exists<PeerListMap>(`${configMapsPath(namespace)}/${peerListName(mesh, namespace)}`);
      if (map?.metadata.labels?.[peerListLabel] === 'static') return true;
      const binding = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings/${peerListRole}`;
      return (await controller) !== undefined && (await exists(binding)) !== undefined;
    }),
  );
  await controller;
  return named.filter((_, index) => kept[index] === false);
}

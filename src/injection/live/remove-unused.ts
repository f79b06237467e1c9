// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import { isForbidden } from '../../kube/container-events.js';
import type { KubeObject, Pod } from '../../kube/objects.js';
import { allowProberFrom, peerListLabel, peerListRole, proberVolumeName } from '../../model/prober.js';
import { collectionPath, type ResourceKind } from '../../targets/resource-types.js';
import { isObject, valueAt } from '../pod-template.js';
import { configMapsPath, type PeerListMap } from './peer-list-map.js';

interface Options {
  /** The ConfigMaps that templates used before they were changed. */
  names: ReadonlySet<string>;
  signal: AbortSignal;
  say: (line: string) => void;
}

const kinds: [ResourceKind, string[]][] = [
  ['deployment', ['spec', 'template', 'spec']],
  ['statefulset', ['spec', 'template', 'spec']],
  ['daemonset', ['spec', 'template', 'spec']],
  ['cronjob', ['spec', 'jobTemplate', 'spec', 'template', 'spec']],
  ['pod', ['spec']],
];

/**
 * Deletes those of the named peer lists of a namespace that no pod and no template mounts any more, and once no list is left
 * there, and no other namespace's NetworkProber is let in, the RoleBinding of the controller. Who may not do so is told.
 */
export async function removeUnused(
  cluster: Cluster,
  namespace: string,
  { names, signal, say }: Options,
): Promise<void> {
  try {
    const maps = await all<PeerListMap>(cluster, configMapsPath(namespace), signal, peerListLabel);
    const used = await usedMaps(cluster, namespace, signal);
    const unused = maps.filter(({ metadata }) => names.has(metadata.name) && !used.has(metadata.name));
    for (const { metadata } of unused) await remove(cluster, `${configMapsPath(namespace)}/${metadata.name}`, signal);
    if (unused.length < maps.length || (await letsIn(cluster, namespace, signal))) return;
    const binding = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings/${peerListRole}`;
    await remove(cluster, binding, signal);
  } catch (thrown) {
    if (!(thrown instanceof Failure) || signal.aborted) throw thrown;
    say(`warning: what is left of the mesh in namespace ${namespace} stays (it does no harm): ${thrown.message}`);
  }
}

async function remove(cluster: Cluster, path: string, signal: AbortSignal): Promise<void> {
  try {
    await cluster.delete(path, { signal });
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.status !== 404) throw thrown;
  }
}

/** Whether NetworkProbers of other namespaces may select pods here: they have a list here only once they do. */
async function letsIn(cluster: Cluster, namespace: string, signal: AbortSignal): Promise<boolean> {
  try {
    const { metadata } = await cluster.get<KubeObject>(`/api/v1/namespaces/${namespace}`, { signal });
    return [metadata.labels, metadata.annotations].some((words) => words?.[allowProberFrom] !== undefined);
  } catch (thrown) {
    // Most namespaces do not, and few users may read theirs.
    if (isForbidden(thrown)) return false;
    throw thrown;
  }
}

async function usedMaps(cluster: Cluster, namespace: string, signal: AbortSignal): Promise<Set<string>> {
  const used = new Set<string>();
  for (const [kind, path] of kinds) {
    for (const object of await all(cluster, collectionPath(kind, namespace), signal)) {
      if (kind === 'pod' && hasEnded(object as Pod)) continue;
      const name = mountedMap(valueAt(object, path));
      if (name !== undefined) used.add(name);
    }
  }
  return used;
}

/** The ConfigMap of the peer list that a pod spec mounts. */
export function mountedMap(spec: unknown): string | undefined {
  const volumes = valueAt(spec, ['volumes']);
  const ours = Array.isArray(volumes)
    ? volumes.filter(isObject).find(({ name }) => name === proberVolumeName)
    : undefined;
  const name = valueAt(ours, ['configMap', 'name']);
  return typeof name === 'string' ? name : undefined;
}

function hasEnded({ metadata, status }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined || status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

async function all<T extends KubeObject>(
  cluster: Cluster,
  path: string,
  signal: AbortSignal,
  labelSelector?: string,
): Promise<T[]> {
  const objects: T[] = [];
  for await (const page of cluster.list<T>(path, { signal, labelSelector })) objects.push(...page);
  return objects;
}

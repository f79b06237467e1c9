// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import { requireAccess } from '../../kube/access-review.js';
import type { Cluster } from '../../kube/cluster.js';
import type { KubeObject } from '../../kube/objects.js';
import { defaultPeriodMs, peerListKey, peerListLabel, peerListName } from '../../model/prober.js';
import { isObject, type JsonObject } from '../pod-template.js';

/** A ConfigMap with a peer list. */
export interface PeerListMap extends KubeObject {
  binaryData?: Record<string, string>;
}

/** Who keeps a peer list current: the controller, or nobody. */
export type PeerListKeeper = 'controller' | 'static';

/** What is to be in the ConfigMap of a mesh; what is undefined stays as it is. */
export interface PeerListContent {
  keeper: PeerListKeeper;
  /** 1 s where neither this nor the ConfigMap says one. */
  periodMs?: number | undefined;
  endpoints?: JsonObject | undefined;
}

interface Options {
  signal: AbortSignal;
  dryRun?: boolean | undefined;
}

const managedBy = { 'app.kubernetes.io/managed-by': 'netmachinery' };
const maxTries = 5;

export function configMapsPath(namespace: string): string {
  return `/api/v1/namespaces/${namespace}/configmaps`;
}

/** Throws Failure `forbidden` for those who may not write the peer lists of these namespaces. */
export async function requirePeerLists(
  cluster: Cluster,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const accesses = namespaces.flatMap((namespace) =>
    ['get', 'create', 'patch'].map((verb) => ({ verb, resource: 'configmaps', namespace })),
  );
  await requireAccess(cluster, accesses, { signal });
}

/** The peer list of a mesh in a namespace; undefined where there is none. Throws Failure `usage` for one that is not ours. */
export async function readPeerListMap(
  cluster: Cluster,
  mesh: string,
  namespace: string,
  signal: AbortSignal,
): Promise<PeerListMap | undefined> {
  const name = peerListName(mesh, namespace);
  try {
    const map = await cluster.get<PeerListMap>(`${configMapsPath(namespace)}/${name}`, { signal });
    if (map.metadata.labels?.[peerListLabel] !== undefined) return map;
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.status === 404) return undefined;
    throw thrown;
  }
  throw new Failure('usage', `ConfigMap ${namespace}/${name} is there and no peer list of ours`, {
    hint: '--mesh NAME gives the mesh another name',
  });
}

/** Creates the ConfigMap of a mesh in a namespace, or changes what is to be different. */
export async function writePeerListMap(
  cluster: Cluster,
  { mesh, namespace }: { mesh: string; namespace: string },
  content: PeerListContent,
  { signal, dryRun }: Options,
): Promise<void> {
  const query = dryRun === true ? { dryRun: 'All' } : {};
  for (let tries = 1; ; tries += 1) {
    const current = await readPeerListMap(cluster, mesh, namespace, signal);
    const body = peerListMap(mesh, namespace, content, current);
    try {
      if (current === undefined) await cluster.create(configMapsPath(namespace), body, { query, signal });
      else if (!isSame(current, body)) {
        const path = `${configMapsPath(namespace)}/${current.metadata.name}`;
        await cluster.patch(path, 'merge', body, { query, signal });
      }
      return;
    } catch (thrown) {
      // The controller writes it as well.
      if (!(thrown instanceof Failure) || thrown.status !== 409 || tries >= maxTries) throw thrown;
    }
  }
}

function isSame(current: PeerListMap, { metadata, binaryData }: PeerListMap): boolean {
  const labels = Object.entries(metadata.labels ?? {});
  return (
    labels.every(([key, value]) => current.metadata.labels?.[key] === value) &&
    current.binaryData?.[peerListKey] === binaryData?.[peerListKey]
  );
}

/** The ConfigMap as it is to be; of one that is there with its version, so that nothing newer is lost. */
export function peerListMap(
  mesh: string,
  namespace: string,
  { keeper, periodMs, endpoints }: PeerListContent,
  current: PeerListMap | undefined,
): PeerListMap {
  const known = contentOf(current);
  const period = periodMs === undefined ? (known.pollingPeriod ?? defaultPeriodMs * 1e6) : periodMs * 1e6;
  const text = JSON.stringify({ endpointsMap: endpoints ?? known.endpointsMap, pollingPeriod: period });
  const version = current === undefined ? {} : { resourceVersion: current.metadata.resourceVersion ?? '' };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: peerListName(mesh, namespace),
      namespace,
      labels: { ...managedBy, [peerListLabel]: keeper },
      ...version,
    },
    binaryData: { [peerListKey]: Buffer.from(text).toString('base64') },
  };
}

/** What a ConfigMap says; nothing where it cannot be read, which then is written anew. */
function contentOf(map: PeerListMap | undefined): { endpointsMap: JsonObject; pollingPeriod?: number } {
  try {
    const text = Buffer.from(map?.binaryData?.[peerListKey] ?? '', 'base64').toString();
    const value: unknown = JSON.parse(text);
    const { endpointsMap, pollingPeriod } = isObject(value) ? value : {};
    return {
      endpointsMap: isObject(endpointsMap) ? endpointsMap : {},
      ...(typeof pollingPeriod === 'number' ? { pollingPeriod } : {}),
    };
  } catch {
    return { endpointsMap: {} };
  }
}

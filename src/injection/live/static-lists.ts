// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import { peerListLabel, peerListName } from '../../model/prober.js';
import { endpointsOf, readMembers } from './members.js';
import { configMapsPath, writePeerListMap, type PeerListMap } from './peer-list-map.js';
import type { LiveObserver } from './planned.js';

export interface StaticLists {
  mesh: string;
  periodMs: number | undefined;
  /** Whether new pods were waited for. */
  wait: boolean;
  signal: AbortSignal;
}

/** Writes the members that are Ready into every static list of the mesh that can be written. */
export async function writeStaticLists(
  cluster: Cluster,
  own: readonly string[],
  { mesh, periodMs, wait, signal }: StaticLists,
  { say }: Pick<LiveObserver, 'say'>,
): Promise<void> {
  const { members, isPartial } = await readMembers(cluster, mesh, own, signal);
  const endpoints = endpointsOf(members);
  const others = [...new Set(members.map(({ namespace }) => namespace))].filter((each) => !own.includes(each));
  for (const namespace of own) {
    await writePeerListMap(cluster, { mesh, namespace }, { keeper: 'static', periodMs, endpoints }, { signal });
  }
  for (const namespace of others) {
    try {
      const map = await cluster.get<PeerListMap>(`${configMapsPath(namespace)}/${peerListName(mesh, namespace)}`, {
        signal,
      });
      if (map.metadata.labels?.[peerListLabel] !== 'static') continue;
      await writePeerListMap(cluster, { mesh, namespace }, { keeper: 'static', endpoints }, { signal });
    } catch (thrown) {
      if (!(thrown instanceof Failure) || signal.aborted) throw thrown;
      say(`warning: the peer list of namespace ${namespace} does not have the new members: ${thrown.message}`);
    }
  }
  const where = isPartial ? ` of ${own.join(', ')} (pods of other namespaces may not be listed)` : '';
  say(`mesh ${mesh}: ${members.length} members${where}; the list is static: inject again when pods have changed`);
  if (!wait) say('new pods were not waited for: those that were not ready are not in the list');
}

// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../../kube/cluster.js';
import { ensureAgents } from '../agents/ensure-agents.js';
import type { LiveInjection } from './inject-live.js';
import { readPeerListMap, requirePeerLists, writePeerListMap } from './peer-list-map.js';
import type { LiveObserver } from './planned.js';

/** Starts the controller where it is not there, for namespaces whose workloads are injected by a pipe. */
export async function prepareNamespaces(
  cluster: Cluster,
  namespaces: readonly string[],
  { options: { agentImage, mesh }, periodMs, signal }: Pick<LiveInjection, 'options' | 'periodMs' | 'signal'>,
  { say }: Pick<LiveObserver, 'say'>,
): Promise<void> {
  await requirePeerLists(cluster, namespaces, signal);
  for (const namespace of namespaces) await readPeerListMap(cluster, mesh, namespace, signal);
  await ensureAgents(cluster, { agentImage, namespaces, webhook: false, say, signal });
  for (const namespace of namespaces) {
    await writePeerListMap(cluster, { mesh, namespace }, { keeper: 'controller', periodMs }, { signal });
  }
}

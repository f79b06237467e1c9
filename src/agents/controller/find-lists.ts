// SPDX-License-Identifier: Apache-2.0
import pLimit from 'p-limit';
import { asFailure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import { meshAnnotation, peerListLabel } from '../../model/prober.js';
import type { ListPlace } from './peer-lists.js';

const atOnce = 4;

/**
 * The peer lists of a leader before this one, in namespaces that may have no pods of a mesh any more. Asked for namespace
 * by namespace, because only there ConfigMaps may be read; those that may not are left out.
 */
export async function findLists(
  cluster: Cluster,
  namespaces: Iterable<string>,
  signal: AbortSignal,
): Promise<ListPlace[]> {
  const limit = pLimit(atOnce);
  const found = await Promise.all([...namespaces].map((namespace) => limit(() => listsIn(cluster, namespace, signal))));
  return found.flat();
}

async function listsIn(cluster: Cluster, namespace: string, signal: AbortSignal): Promise<ListPlace[]> {
  const places: ListPlace[] = [];
  const options = { labelSelector: `${peerListLabel}=controller`, metadataOnly: true, signal };
  try {
    for await (const page of cluster.list(`/api/v1/namespaces/${namespace}/configmaps`, options)) {
      for (const { metadata } of page) {
        // `inject` makes those of plain meshes, whose name is that of the mesh.
        const mesh = metadata.annotations?.[meshAnnotation] ?? metadata.name;
        places.push({ namespace, name: metadata.name, mesh });
      }
    }
  } catch (thrown) {
    // Not ours to read, or gone: then there is nothing to keep either.
    const { code } = asFailure(thrown);
    if (code !== 'forbidden' && code !== 'notFound') throw thrown;
  }
  return places;
}

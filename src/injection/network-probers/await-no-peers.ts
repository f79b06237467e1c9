// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import type { KubeObject } from '../../kube/objects.js';
import { pause } from '../../kube/pause.js';
import { peerListKey, peerListName } from '../../model/prober.js';
import { getIfThere } from '../../installation/apply-object.js';

const emptyMs = 30_000;
const lookMs = 250;

interface ConfigMap extends KubeObject {
  binaryData?: Record<string, string>;
}

/** Whether a peer list names nobody; what cannot be read does. */
function namesNobody(map: ConfigMap | undefined): boolean {
  const data = map?.binaryData?.[peerListKey];
  if (data === undefined) return true;
  try {
    const { endpointsMap = {} } = JSON.parse(Buffer.from(data, 'base64').toString()) as { endpointsMap?: object };
    return Object.keys(endpointsMap).length === 0;
  } catch {
    return false;
  }
}

/** Waits until the peer lists of a mesh are empty or gone, so that nobody probes. Throws Failure `tool` after half a minute. */
export async function awaitNoPeers(
  cluster: Cluster,
  mesh: string,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const untilMs = performance.now() + emptyMs;
  for (;;) {
    const left = await Promise.all(
      namespaces.map(async (namespace) => {
        const path = `/api/v1/namespaces/${namespace}/configmaps/${peerListName(mesh, namespace)}`;
        return namesNobody(await getIfThere<ConfigMap>(cluster, path, signal)) ? [] : [namespace];
      }),
    );
    const names = left.flat();
    if (names.length === 0) return;
    if (performance.now() > untilMs) {
      throw new Failure('tool', `the peer list of ${mesh} still names pods in namespace ${names.join(', ')}`, {
        reason: 'StillProbing',
        hint: 'its probers go on until the controller empties it: see kubectl get pods -n netmachinery-system',
      });
    }
    await pause(lookMs, signal);
  }
}

// SPDX-License-Identifier: Apache-2.0
import { injectWorkload } from '../../src/injection/inject.js';
import { peerListKey, peerListName } from '../../src/model/prober.js';
import { createReady, getPod, images, kubectl, podManifest } from './kubectl.js';

export interface MeshPod {
  namespace: string;
  name: string;
  labels?: Record<string, string>;
  /** What pods of workloads have. */
  metadata?: object;
}

const periodMs = 500;

/** Writes the peer list of a mesh of one NAME, in each of the namespaces, with these pods as they are now. */
export async function writePeerLists(
  mesh: string,
  namespaces: readonly string[],
  members: readonly MeshPod[],
): Promise<void> {
  const pods = await Promise.all(members.map(({ namespace, name }) => getPod(namespace, name)));
  const endpointsMap = Object.fromEntries(
    pods.map(({ metadata: { name, namespace = '' }, spec, status }) => [
      `${namespace}/${name}`,
      { ip: status?.podIP, port: '19191', namespace, pod: name, node: spec.nodeName },
    ]),
  );
  const list = Buffer.from(JSON.stringify({ endpointsMap, pollingPeriod: periodMs * 1e6 })).toString('base64');
  const items = namespaces.map((namespace) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: peerListName(mesh, namespace), namespace, labels: { 'netmachinery.io/peer-list': 'static' } },
    binaryData: { [peerListKey]: list },
  }));
  await kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  // The kubelet looks at ConfigMaps once a minute or so, and at once when something about their pod changes.
  await Promise.all(
    members.map(({ namespace, name }) =>
      kubectl(['annotate', '--overwrite', '-n', namespace, 'pod', name, `list=${Date.now()}`]),
    ),
  );
}

/** A pod with the prober as `inject` adds it; whether its container is a native sidecar makes no difference here. */
function meshPod(mesh: string, { namespace, name, labels, metadata = {} }: MeshPod): object {
  const pod = podManifest(name, labels === undefined ? {} : { labels }) as { metadata: object };
  const options = { agentImage: images.agent, mesh, configMap: peerListName(mesh, namespace), native: true };
  return injectWorkload({ ...pod, metadata: { ...pod.metadata, namespace, ...metadata } }, options) as object;
}

/** Starts the pods of a mesh and tells them of each other. */
export async function startMesh(mesh: string, members: readonly MeshPod[]): Promise<void> {
  const namespaces = [...new Set(members.map(({ namespace }) => namespace))];
  await Promise.all(
    namespaces.map((namespace) => {
      const own = members.filter((member) => member.namespace === namespace);
      return createReady(namespace, ...own.map((member) => meshPod(mesh, member)));
    }),
  );
  await writePeerLists(mesh, namespaces, members);
}

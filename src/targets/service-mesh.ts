// SPDX-License-Identifier: Apache-2.0
import type { Pod } from '../kube/objects.js';

export type ServiceMesh = 'istio' | 'istio-ambient' | 'linkerd' | 'kuma' | 'consul';

/** The containers that meshes inject, beside the pod's own or as init containers that go on running (KEP-753). */
const sidecars: Record<string, ServiceMesh> = {
  'istio-proxy': 'istio',
  'linkerd-proxy': 'linkerd',
  'kuma-sidecar': 'kuma',
  'consul-dataplane': 'consul',
};
/** Istio's CNI plugin sets it on pods whose traffic the node's ztunnel takes (istio/istio, pkg/config/constants). */
const ambientAnnotation = 'ambient.istio.io/redirection';

/** The service mesh whose proxy takes the connections of a pod, or undefined where there is no sign of one. */
export function serviceMeshOf({ metadata, spec }: Pod): ServiceMesh | undefined {
  // An init container that ends, such as linkerd-init, takes nothing.
  const lasting = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  for (const { name } of [...spec.containers, ...lasting]) {
    if (Object.hasOwn(sidecars, name)) return sidecars[name];
  }
  return metadata.annotations?.[ambientAnnotation] === 'enabled' ? 'istio-ambient' : undefined;
}

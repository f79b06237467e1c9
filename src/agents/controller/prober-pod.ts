// SPDX-License-Identifier: Apache-2.0
import type { Container, Pod } from '../../kube/objects.js';
import { isMesh } from '../../injection/mesh-name.js';
import { meshVariable, neighboursVariable, pingPortName, proberContainerName } from '../../model/prober.js';

/** What is held of a pod with our prober: no more, because there may be ten thousand. */
export interface ProberPod {
  namespace: string;
  name: string;
  node: string;
  /** As `meshVariable` has it. */
  mesh: string;
  /** Where it answers pings; undefined while it is not ready, has no address, or is being deleted. */
  endpoint: { ip: string; port: number } | undefined;
}

/** A pod with our prober in it that has not ended; undefined for every other pod, those of the seed's operator among them. */
export function proberPod({ metadata, spec, status }: Pod): ProberPod | undefined {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return undefined;
  const container = [...(spec.initContainers ?? []), ...spec.containers].find(isOurs);
  const mesh = container?.env?.find(({ name }) => name === meshVariable)?.value;
  if (container === undefined || mesh === undefined || !isMesh(mesh)) return undefined;
  const port = container.ports?.find(({ name }) => name === pingPortName)?.containerPort;
  const ip = status?.podIP;
  const isReady = status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true;
  const isListed = isReady && metadata.deletionTimestamp === undefined;
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    node: spec.nodeName ?? '',
    mesh,
    endpoint: isListed && port !== undefined && ip !== undefined && ip !== '' ? { ip, port } : undefined,
  };
}

function isOurs({ name, env }: Container): boolean {
  return name === proberContainerName && env?.some((variable) => variable.name === neighboursVariable) === true;
}

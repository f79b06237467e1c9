// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import type { Pod } from '../../kube/objects.js';
import { meshVariable, neighboursVariable, pingPortName, proberContainerName } from '../../model/prober.js';
import { collectionPath } from '../../targets/resource-types.js';
import type { JsonObject } from '../pod-template.js';

/** A pod that can be pinged. */
export interface MeshMember {
  namespace: string;
  pod: string;
  node: string;
  ip: string;
  port: number;
}

/** The mesh that the prober of a pod belongs to; undefined where it has none of ours. */
export function meshOf({ spec }: Pick<Pod, 'spec'>): string | undefined {
  return proberOf(spec)?.env?.find(({ name }) => name === meshVariable)?.value;
}

/** The sidecar of a pod that is Ready, as a member; undefined for any other pod. */
export function memberOf(pod: Pod): MeshMember | undefined {
  const { metadata, spec, status } = pod;
  const isReady = status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
  const port = proberOf(spec)?.ports?.find(({ name }) => name === pingPortName)?.containerPort;
  if (!isReady || metadata.deletionTimestamp !== undefined || port === undefined || !status?.podIP) return undefined;
  return {
    namespace: metadata.namespace ?? 'default',
    pod: metadata.name,
    node: spec.nodeName ?? '',
    ip: status.podIP,
    port,
  };
}

function proberOf({ containers, initContainers = [] }: Pod['spec']) {
  return [...containers, ...initContainers].find(
    ({ name, env = [] }) =>
      name === proberContainerName && env.some((variable) => variable.name === neighboursVariable),
  );
}

/**
 * The `endpointsMap` of members: keys are pod names, `namespace/pod` where names collide (the format of k8s-network-prober
 * with who it is about).
 */
export function endpointsOf(members: readonly MeshMember[]): JsonObject {
  const times = new Map<string, number>();
  for (const { pod } of members) times.set(pod, (times.get(pod) ?? 0) + 1);
  const entries = members.map(({ namespace, pod, node, ip, port }) => {
    const key = (times.get(pod) ?? 0) > 1 ? `${namespace}/${pod}` : pod;
    return [key, { ip, port: String(port), namespace, pod, node }] as const;
  });
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/**
 * The members of a mesh that can be seen: of all namespaces, or of these where all of them may not be listed, which is then
 * said by `isPartial`.
 */
export async function readMembers(
  cluster: Cluster,
  mesh: string,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<{ members: MeshMember[]; isPartial: boolean }> {
  const read = async (paths: readonly string[]) => {
    const members: MeshMember[] = [];
    for (const path of paths) {
      for await (const page of cluster.list<Pod>(path, { signal })) {
        for (const pod of page.filter((each) => meshOf(each) === mesh)) members.push(...[memberOf(pod) ?? []].flat());
      }
    }
    return members;
  };
  try {
    return { members: await read(['/api/v1/pods']), isPartial: false };
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.code !== 'forbidden') throw thrown;
    return { members: await read(namespaces.map((each) => collectionPath('pod', each))), isPartial: true };
  }
}

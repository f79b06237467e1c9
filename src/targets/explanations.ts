// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../kube/cluster.js';
import type { Node, Pod, Service } from '../kube/objects.js';
import { formatSelector } from './label-selectors.js';
import { isReady } from './pod-facts.js';
import { collectionPath, objectPath } from './resource-types.js';

/**
 * Facts that are printed below failures. They are extras: whatever cannot be read is left out, nothing throws.
 */
async function ifReadable<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch {
    return undefined;
  }
}

/** Why a Service may have no endpoints: `selector app=api matches 2 pods, 0 ready`. Undefined where it cannot be read. */
export function explainService(
  cluster: Cluster,
  namespace: string,
  name: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  return ifReadable(async () => {
    const service = await cluster.get<Service>(objectPath('service', namespace, name), { signal });
    const { type, externalName, selector = {}, ports = [] } = service.spec;
    if (type === 'ExternalName') return `service ${name} is the external name ${externalName ?? ''}`;
    const labelSelector = formatSelector({ matchLabels: selector });
    if (labelSelector === undefined) return `service ${name} has no selector: its endpoints are made by hand`;
    const portNames = new Set<string>();
    const count = { pods: 0, ready: 0 };
    for await (const page of cluster.list<Pod>(collectionPath('pod', namespace), { labelSelector, signal })) {
      for (const pod of page) {
        count.pods++;
        if (isReady(pod)) count.ready++;
        const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
        for (const port of containers.flatMap((container) => container.ports ?? [])) portNames.add(port.name ?? '');
      }
    }
    const pods = count.pods === 1 ? '1 pod' : `${count.pods} pods`;
    const matches = `selector ${labelSelector} matches ${pods}, ${count.ready} ready`;
    const unnamed = ports.flatMap(({ targetPort }) => (typeof targetPort === 'string' ? [targetPort] : []));
    const missing = unnamed.filter((port) => !portNames.has(port));
    if (count.pods === 0 || missing.length === 0) return matches;
    return `${matches}; no container port is named ${missing.join(' or ')}`;
  });
}

/** A node's Ready condition. */
export interface NodeReadiness {
  ready: boolean;
  /** The condition's own words when it is not ready. */
  message?: string;
}

/** Whether a node is Ready; undefined where it cannot be read. */
export function nodeReady(cluster: Cluster, node: string, signal?: AbortSignal): Promise<NodeReadiness | undefined> {
  return ifReadable(async () => {
    const { status } = await cluster.get<Node>(objectPath('node', '', node), { signal });
    const condition = status?.conditions?.find(({ type }) => type === 'Ready');
    if (condition === undefined) return undefined;
    if (condition.status === 'True') return { ready: true };
    return { ready: false, message: condition.message ?? condition.reason ?? `Ready is ${condition.status}` };
  });
}

// SPDX-License-Identifier: Apache-2.0
import type { Pod } from '../kube/objects.js';
import { isProbePod } from '../kube/probe-pod-metadata.js';
import type { Lookup, PodQuery } from './lookup.js';
import { isFinished } from './pod-facts.js';
import type { ObjectSource, SelectorSource } from './refs.js';
import type { ResourceKind } from './resource-types.js';
import { unfinishedPods, workloadQueries } from './workload-pods.js';

/** Sources whose pods the API server selects; those of a Service stand in its EndpointSlices. */
export type PodSpec = SelectorSource | ObjectSource<Exclude<ResourceKind, 'service'>>;

/** Where sources are looked for. */
export interface SourceRequest {
  lookup: Lookup;
  namespace: string;
  /** Only pods on this node. */
  fromNode: string | undefined;
}

/**
 * The pods that may become sources, as their pages come: none that end, no probe pods, which only have the labels of what
 * is meant, and for a node none that share its network.
 */
export async function* candidates({ lookup, namespace, fromNode }: SourceRequest, spec: PodSpec): AsyncGenerator<Pod> {
  if (spec.kind === 'pod') {
    const pod = await lookup.object<Pod>({ kind: 'pod', namespace, name: spec.name });
    if (fromNode === undefined || pod.spec.nodeName === fromNode) yield pod;
    return;
  }
  const onNode = fromNode === undefined ? '' : `,spec.nodeName=${fromNode}`;
  for await (const pod of lookup.pods(await queries(lookup, namespace, spec, onNode))) {
    const belongsToNode = spec.kind === 'node' && pod.spec.hostNetwork === true;
    const isLeftOut = pod.metadata.deletionTimestamp !== undefined || isProbePod(pod) || belongsToNode;
    if (!isLeftOut && !isFinished(pod)) yield pod;
  }
}

async function queries(lookup: Lookup, namespace: string, spec: PodSpec, onNode: string): Promise<PodQuery[]> {
  switch (spec.kind) {
    case 'pod':
      return [];
    case 'selector': {
      const more = spec.fieldSelector === undefined ? '' : `,${spec.fieldSelector}`;
      return [{ namespace, labelSelector: spec.selector, fieldSelector: unfinishedPods + onNode + more }];
    }
    case 'node':
      return [{ namespace, fieldSelector: `spec.nodeName=${spec.name},status.phase=Running${onNode}` }];
    default: {
      const found = await workloadQueries(lookup, { kind: spec.kind, namespace, name: spec.name });
      return found.map((query) => ({ ...query, fieldSelector: unfinishedPods + onNode }));
    }
  }
}

/** Names of the ready pods behind a Service, by its EndpointSlices; a dual-stack pod stands in two of them. */
export async function readyPodNames(
  { lookup, namespace, fromNode }: SourceRequest,
  { name }: ObjectSource,
): Promise<Set<string>> {
  const [, slices] = await Promise.all([
    lookup.object({ kind: 'service', namespace, name }),
    lookup.slices(namespace, name),
  ]);
  const names = new Set<string>();
  for (const endpoint of slices.flatMap(({ endpoints }) => endpoints ?? [])) {
    const { targetRef, conditions, nodeName } = endpoint;
    if (targetRef?.kind !== 'Pod' || targetRef.name === undefined || conditions?.ready === false) continue;
    if (fromNode === undefined || nodeName === fromNode) names.add(targetRef.name);
  }
  return names;
}

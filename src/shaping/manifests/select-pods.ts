// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { Node, Pod } from '../../kube/objects.js';
import { isProbePod } from '../../kube/probe-pod-metadata.js';
import type { Lookup } from '../../targets/lookup.js';
import { nothingFound } from '../../targets/missing.js';
import { collectionPath } from '../../targets/resource-types.js';
import { isFinished } from '../../targets/pod-facts.js';
import { unfinishedPods } from '../../targets/workload-pods.js';
import type { PodDraw } from './pod-draw.js';
import type { PodSelection } from './shape-target.js';

/**
 * Offers every pod of a selection that can have traffic, each once: none that has ended or ends, no probe pods of ours.
 * Returns how many; throws Failure `notFound` for none, and for a pod or node that is named and does not exist.
 */
export async function offerPods(lookup: Lookup, selection: PodSelection, draw: PodDraw): Promise<void> {
  let offered = 0;
  for await (const pod of selectedPods(lookup, selection)) {
    draw.offer(pod);
    offered++;
  }
  if (offered === 0) throw await noPods(lookup, selection);
}

async function* selectedPods(lookup: Lookup, selection: PodSelection): AsyncGenerator<Pod> {
  if (selection.pods !== undefined) {
    const unique = new Map(selection.pods.map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
    yield* await Promise.all([...unique.values()].map((pod) => lookup.object<Pod>({ kind: 'pod', ...pod })));
    return;
  }
  const nodes = await selectedNodes(lookup, selection);
  for await (const pod of lookup.pods(queries(lookup, selection))) {
    const isLeftOut = isFinished(pod) || pod.metadata.deletionTimestamp !== undefined || isProbePod(pod);
    const isOnNode = nodes === undefined || nodes.has(pod.spec.nodeName ?? '');
    if (!isLeftOut && isOnNode && matches(pod, selection)) yield pod;
  }
}

function queries(lookup: Lookup, { namespaces, labelSelector, fieldSelector }: PodSelection) {
  const unique = new Set(namespaces.length === 0 ? [lookup.cluster.namespace] : namespaces);
  const fields = fieldSelector === undefined ? unfinishedPods : `${unfinishedPods},${fieldSelector}`;
  return [...unique].map((namespace) => ({ namespace, labelSelector, fieldSelector: fields }));
}

function matches({ metadata, status }: Pod, { annotations = [], phases }: PodSelection): boolean {
  const isAnnotated = annotations.every(([key, value]) => metadata.annotations?.[key] === value);
  return isAnnotated && (phases === undefined || phases.includes(status?.phase ?? 'Unknown'));
}

/** Names of the nodes that are meant; undefined for any. Chaos Mesh takes those named and those selected together. */
async function selectedNodes(lookup: Lookup, { nodes, nodeSelector }: PodSelection): Promise<Set<string> | undefined> {
  if (nodes === undefined && nodeSelector === undefined) return undefined;
  const names = new Set(nodes);
  await Promise.all([...names].map((name) => lookup.object<Node>({ kind: 'node', namespace: '', name })));
  if (nodeSelector === undefined) return names;
  const options = { labelSelector: nodeSelector, signal: lookup.signal };
  for await (const page of lookup.cluster.list<Node>(collectionPath('node', ''), options)) {
    for (const { metadata } of page) names.add(metadata.name);
  }
  return names;
}

async function noPods(lookup: Lookup, selection: PodSelection): Promise<Failure> {
  const [namespace = lookup.cluster.namespace, ...others] = selection.namespaces;
  if (others.length === 0)
    return nothingFound(lookup.cluster, namespace, `there are no ${selection.text}`, lookup.signal);
  return new Failure('notFound', `there are no ${selection.text}`);
}

// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../kube/cluster.js';
import type { Pod } from '../kube/objects.js';
import { leftoversOf, type Leftover } from '../kube/tool-container-inventory.js';
import type { ShapeRecord } from '../model/shaping.js';
import { writtenShapes } from '../shaping/written-shapes.js';
import { visitPods, type PodScope } from '../targets/visit-pods.js';

/** Something of ours in the cluster, with the shape that it is about. */
export interface Found extends Leftover {
  /** The last shape that is written down for this tool container; it may be over. */
  shape: ShapeRecord | undefined;
  /** It was killed before it had cleared that shape. */
  hasLeftRules: boolean;
}

/** A pod that says of itself how it is shaped. */
export type AnnotatedPod = Pick<Leftover, 'namespace' | 'pod' | 'podUid'>;

export interface Leftovers {
  found: Found[];
  annotated: AnnotatedPod[];
}

function foundIn(pod: Pod, { found, annotated }: Leftovers): void {
  const written = writtenShapes(pod);
  for (const leftover of leftoversOf(pod)) {
    const { container } = leftover;
    const left = written?.left?.record.container === container ? written?.left : undefined;
    const newest = written?.newest?.container === container ? written?.newest : undefined;
    found.push({ ...leftover, shape: left?.record ?? newest, hasLeftRules: left?.isGone === false });
  }
  if (written?.hasAnnotation === true) {
    annotated.push({ namespace: written.namespace, pod: written.pod, podUid: written.podUid });
  }
}

/**
 * What of ours is in the pods of a scope; only this is kept of them. Throws Failure `notFound` for names that match nothing,
 * `usage` for a selector that cannot be read.
 */
export async function findLeftovers(cluster: Cluster, scope: PodScope, signal: AbortSignal): Promise<Leftovers> {
  const leftovers: Leftovers = { found: [], annotated: [] };
  await visitPods(cluster, scope, signal, (pod) => foundIn(pod, leftovers));
  return leftovers;
}

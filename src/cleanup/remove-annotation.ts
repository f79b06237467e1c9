// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import type { Pod } from '../kube/objects.js';
import type { CleanupItem } from '../model/cleanup.js';
import { examineShape } from '../shaping/examine-shape.js';
import { removeShapeAnnotation, shapeAnnotation } from '../shaping/shape-annotation.js';
import { parseShapeRecord } from '../shaping/shape-record.js';
import { writtenShapes } from '../shaping/written-shapes.js';
import type { AnnotatedPod } from './find-leftovers.js';

interface Options {
  caller: string | undefined;
  force: boolean;
  dryRun: 'none' | 'client' | 'server';
  signal: AbortSignal;
}

const outcomes = {
  removed: { outcome: 'removed', message: 'it spoke of a shape that is over' },
  none: { outcome: 'gone', message: 'it says something else by now' },
  gone: { outcome: 'gone', message: 'the pod went away meanwhile' },
  forbidden: {
    outcome: 'stays',
    message: 'pods may not be patched; it speaks of a shape that is over, and is harmless',
  },
} as const;

async function readPod(cluster: Cluster, { namespace, pod, podUid }: AnnotatedPod, signal: AbortSignal) {
  try {
    const current = await cluster.get<Pod>(`/api/v1/namespaces/${namespace}/pods/${pod}`, { signal });
    return podUid === undefined || current.metadata.uid === podUid ? current : undefined;
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.status === 404) return undefined;
    throw thrown;
  }
}

/**
 * Removes a pod's annotation of ours where the shape that it speaks of is over; undefined where it is not, or the
 * annotation went by itself. Throws Failure when the pod cannot be read.
 */
export async function removeStaleAnnotation(
  cluster: Cluster,
  annotated: AnnotatedPod,
  { caller, force, dryRun, signal }: Options,
): Promise<CleanupItem | undefined> {
  const pod = await readPod(cluster, annotated, signal);
  const written = pod === undefined ? undefined : writtenShapes(pod);
  if (pod === undefined || written?.hasAnnotation !== true) return undefined;
  const { state } = await examineShape(cluster, written, signal);
  if (state !== 'none' && state !== 'gone') return undefined;
  const record = parseShapeRecord(pod.metadata.annotations?.[shapeAnnotation]);
  const item = {
    kind: 'ShapeAnnotation' as const,
    namespace: annotated.namespace,
    pod: annotated.pod,
    ...(record?.caller === undefined ? {} : { caller: record.caller }),
    ...(record?.reason === undefined ? {} : { reason: record.reason }),
    ...(record === undefined ? {} : { startedAt: record.startedAt }),
    state: 'ended' as const,
  };
  // What cannot be read is nobody's.
  if (!force && record !== undefined && record.caller !== caller) {
    return { ...item, outcome: 'others', message: "it is somebody else's; --force removes it all the same" };
  }
  if (dryRun === 'client') return { ...item, outcome: 'wouldRemove', message: 'dry run' };
  const removed = await removeShapeAnnotation(cluster, pod, { signal, dryRun: dryRun === 'server' });
  if (removed === 'removed' && dryRun === 'server') return { ...item, outcome: 'wouldRemove', message: 'dry run' };
  return { ...item, ...outcomes[removed] };
}

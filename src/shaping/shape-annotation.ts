// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { reviewAccess } from '../kube/access-review.js';
import type { Cluster } from '../kube/cluster.js';
import type { Pod } from '../kube/objects.js';
import { podPath } from '../kube/tool-container-patch.js';
import type { ShapeRecord } from '../model/shaping.js';
import { parseShapeRecord } from './shape-record.js';

/** Says of a pod how it is shaped, for whoever may read it; only a note: what counts is in the pod's network. */
export const shapeAnnotation = 'netmachinery.io/shape';
/** The same in a path of a JSON patch (RFC 6901: `/` is `~1`). */
const annotationPath = `/metadata/annotations/${shapeAnnotation.replace('/', '~1')}`;
/** Of a test in a JSON patch that is not true, and of a uid that is another pod's. */
const preconditionStatuses = [409, 422];

interface Options {
  signal?: AbortSignal | undefined;
}

/** Whether we may patch the pods of a namespace, and so annotate them. */
export async function mayAnnotate(cluster: Cluster, namespace: string, options: Options = {}): Promise<boolean> {
  const [answer] = await reviewAccess(cluster, [{ verb: 'patch', resource: 'pods', namespace }], options);
  return answer?.allowed === true;
}

/**
 * Writes a pod's annotation, whatever it said before. `forbidden`: it may not be written; `gone`: the pod is. Throws Failure
 * for anything else.
 */
export async function writeShapeAnnotation(
  cluster: Cluster,
  pod: Pod,
  record: ShapeRecord,
  { signal }: Options = {},
): Promise<'written' | 'forbidden' | 'gone'> {
  const { uid } = pod.metadata;
  const metadata = {
    ...(uid === undefined ? {} : { uid }),
    annotations: { [shapeAnnotation]: JSON.stringify(record) },
  };
  try {
    await cluster.patch(podPath(pod), 'merge', { metadata }, { signal });
    return 'written';
  } catch (thrown) {
    return outcomeOf(thrown);
  }
}

/**
 * Removes the annotation that `pod` shows (read it anew where that may be old), unless it says something else by now;
 * with a token only that shape's. Throws Failure for what is neither a missing permission nor a missing pod.
 */
export async function removeShapeAnnotation(
  cluster: Cluster,
  pod: Pod,
  { token, signal, dryRun = false }: Options & { token?: string | undefined; dryRun?: boolean } = {},
): Promise<'removed' | 'none' | 'forbidden' | 'gone'> {
  const text = pod.metadata.annotations?.[shapeAnnotation];
  if (text === undefined) return 'none';
  if (token !== undefined && parseShapeRecord(text)?.token !== token) return 'none';
  const operations = [
    { op: 'test', path: '/metadata/uid', value: pod.metadata.uid },
    { op: 'test', path: annotationPath, value: text },
    { op: 'remove', path: annotationPath },
  ];
  try {
    const query = dryRun ? { dryRun: 'All' } : undefined;
    await cluster.patch(podPath(pod), 'json', operations, { query, signal });
    return 'removed';
  } catch (thrown) {
    const isOther = thrown instanceof Failure && preconditionStatuses.includes(thrown.status ?? 0);
    return isOther ? 'none' : outcomeOf(thrown);
  }
}

function outcomeOf(thrown: unknown): 'forbidden' | 'gone' {
  if (thrown instanceof Failure && thrown.code === 'forbidden') return 'forbidden';
  if (thrown instanceof Failure && (thrown.status === 404 || thrown.status === 409)) return 'gone';
  throw thrown;
}

// SPDX-License-Identifier: Apache-2.0
import pLimit from 'p-limit';
import { asFailure, type Failure } from '../errors/failure.js';
import { requireAccess } from '../kube/access-review.js';
import { callerName } from '../kube/identity.js';
import type { Pod } from '../kube/objects.js';
import { dryRunToolContainer } from '../kube/tool-container-rehearsal.js';
import type { ClearItem, ClearReport, ShapeRecord } from '../model/shaping.js';
import type { EntryContext } from '../runs/pod-entry.js';
import { visitPods, type PodScope } from '../targets/visit-pods.js';
import { adminRequest } from './admin-container.js';
import { clearItem, clearShape, goneWords, isMeant, needsContainer, readAgain, shapeWords } from './clear-shape.js';
import { examineShape, type Examined } from './examine-shape.js';
import { writtenShapes } from './written-shapes.js';

/** Pods that are worked on at once. */
const concurrency = 16;

export interface ClearRequest extends PodScope {
  /** Also adds a tool container where nothing says that a pod is shaped; only for pods that are named. */
  force: boolean;
  dryRun: 'none' | 'client' | 'server';
}

export interface ClearPodsOptions extends Pick<ClearRequest, 'force' | 'dryRun'> {
  only?: ((pod: Pod, record: ShapeRecord) => boolean) | undefined;
}

export interface Clearance {
  report: ClearReport;
  /** What went wrong in single pods. */
  failures: Failure[];
}

/** What of a pod is kept until its turn: it is read again then. */
function reference({ metadata: { namespace, name, uid }, spec: { nodeName } }: Pod): Pod {
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }), ...(uid === undefined ? {} : { uid }) };
  return { metadata, spec: { containers: [], ...(nodeName === undefined ? {} : { nodeName }) } };
}

/** Asks whether we may execute in the pod, and the server what it would say to a new tool container, where one is needed. */
async function tryOnServer(context: EntryContext, pod: Pod, examined: Examined, force: boolean): Promise<void> {
  const { cluster, signal } = context;
  const { namespace } = pod.metadata;
  const caller = await callerName(cluster, { signal });
  await requireAccess(cluster, [{ verb: 'get', resource: 'pods', subresource: 'exec', namespace }], { signal });
  if (!needsContainer(examined, force)) return;
  await dryRunToolContainer(cluster, pod, adminRequest(context, { fresh: false, caller }), { signal });
}

async function rehearse(
  context: EntryContext,
  pod: Pod,
  { force, dryRun, only }: ClearPodsOptions,
): Promise<ClearItem> {
  const current = await readAgain(context, pod);
  if (current === undefined) return clearItem(pod, 'gone', 'the pod is gone', undefined);
  const written = writtenShapes(current);
  const examined: Examined =
    written === undefined ? { state: 'none' } : await examineShape(context.cluster, written, context.signal);
  const { state, record } = examined;
  if (!isMeant(examined, { only: only && ((found) => only(current, found)) })) {
    return clearItem(current, 'nothingToClear', `its shape is another one: ${shapeWords(record)}`, record);
  }
  if (state === 'gone') return clearItem(current, 'gone', goneWords(current), record);
  if (dryRun === 'server' && (state !== 'none' || force)) await tryOnServer(context, current, examined, force);
  const adds = needsContainer(examined, force) ? '; the pod would get a tool container for it' : '';
  if (state !== 'none') return clearItem(current, 'wouldClear', `${shapeWords(record)} (${state})${adds}`, record);
  if (force && adds !== '') return clearItem(current, 'wouldClear', `whatever is there of ours${adds}`, record);
  return clearItem(current, 'nothingToClear', 'it has no shape of ours, or one that has ended by itself', undefined);
}

function placeOf({ namespace, pod }: ClearItem): string {
  return JSON.stringify([namespace, pod]);
}

/**
 * Clears the shapes of pods, or only those of which `only` is true. What fails in one pod is its item's outcome and leaves
 * the others alone. Throws Failure `interrupted`.
 */
export async function clearPods(
  context: EntryContext,
  pods: readonly Pod[],
  options: ClearPodsOptions,
): Promise<Clearance> {
  const { cluster, signal } = context;
  const { dryRun, force, only } = options;
  const caller = dryRun === 'none' && pods.length > 0 ? await callerName(cluster, { signal }) : undefined;
  const limit = pLimit(concurrency);
  const failures: Failure[] = [];
  const clearOne = async (pod: Pod): Promise<ClearItem> => {
    try {
      return dryRun === 'none'
        ? await clearShape(context, pod, { force, caller, only: only && ((record) => only(pod, record)) })
        : await rehearse(context, pod, options);
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (failure.code === 'bug') throw failure;
      failures.push(failure);
      return clearItem(pod, 'failed', failure.message, undefined);
    }
  };
  const items = await Promise.all(pods.map((pod) => limit(() => clearOne(pod))));
  items.sort((left, right) => (placeOf(left) < placeOf(right) ? -1 : 1));
  return { report: { apiVersion: 'netmachinery.io/v1', kind: 'ClearReport', dryRun, items }, failures };
}

/**
 * Clears the shapes of the pods of a scope, whoever made them. Of pods that nobody named, those that are not shaped are
 * left out. Throws Failure when the pods cannot be read, and `interrupted`.
 */
export async function clearShapes(context: EntryContext, request: ClearRequest): Promise<Clearance> {
  const isNamed = request.targets.length > 0;
  const pods: Pod[] = [];
  await visitPods(context.cluster, request, context.signal, (pod) => {
    if (isNamed || writtenShapes(pod) !== undefined) pods.push(reference(pod));
  });
  const { report, failures } = await clearPods(context, pods, { ...request, force: request.force && isNamed });
  const items = report.items.filter(({ outcome }) => isNamed || outcome !== 'nothingToClear');
  return { report: { ...report, items }, failures };
}

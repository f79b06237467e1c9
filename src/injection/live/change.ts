// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util';
import { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import type { KubeObject } from '../../kube/objects.js';
import { fieldManager } from '../../installation/field-manager.js';
import { appliedInjection, appliedRemoval } from '../apply.js';
import { hasProber, injectWorkload, uninjectWorkload } from '../inject.js';
import { isObject, templatePath, valueAt, type JsonObject } from '../pod-template.js';
import type { InjectionOptions } from '../sidecar.js';
import { liveWorkload, workloadPath, type LiveWorkload } from './workload.js';

/** A patch that adds or removes the prober. */
export interface Change {
  workload: LiveWorkload;
  patch: { type: 'apply'; body: JsonObject } | { type: 'json'; body: object[] };
  /** The same for the workload as it is by now. */
  again: (workload: LiveWorkload) => Change;
}

/** What somebody else changed meanwhile is read again this often. */
const maxTries = 4;

/**
 * What injects a workload: server-side apply of our own fields, or, where a prober of ours came in another way (a pipe and
 * `kubectl apply`), its exact replacement. Throws Failure `usage` where it cannot be injected.
 */
export function injectionChange(workload: LiveWorkload, options: InjectionOptions): Change {
  const { object } = workload;
  const again = (current: LiveWorkload) => injectionChange(current, options);
  const body = appliedInjection(object, options);
  if (hasProber(object) && !isApplied(object)) {
    return { workload, patch: { type: 'json', body: replacement(object, injectWorkload(object, options)) }, again };
  }
  return { workload, patch: { type: 'apply', body: withUid(body, object) }, again };
}

/**
 * What takes the prober out again: our field manager lets go of its fields, where that is seen (by a dry run) to leave the
 * template as it was; else its exact replacement.
 */
export async function removalChange(cluster: Cluster, workload: LiveWorkload, signal: AbortSignal): Promise<Change> {
  const { object } = workload;
  const removed = uninjectWorkload(object);
  const exact: Change = {
    workload,
    patch: { type: 'json', body: replacement(object, removed) },
    again: (current) => ({
      ...exact,
      workload: current,
      patch: { type: 'json', body: replacement(current.object, uninjectWorkload(current.object)) },
    }),
  };
  if (!isApplied(object)) return exact;
  const body = withUid(appliedRemoval(object), object);
  const applied: Change = {
    workload,
    patch: { type: 'apply', body },
    again: (current) => ({ ...applied, workload: current }),
  };
  const after = await makeChange(cluster, applied, { dryRun: true, signal });
  return isDeepStrictEqual(templateOf(after.object), templateOf(removed)) ? applied : exact;
}

/** Makes a change, or asks the server what it would make of it. Answers with the workload as it is then. */
export async function makeChange(
  cluster: Cluster,
  change: Change,
  { dryRun, signal }: { dryRun: boolean; signal: AbortSignal },
): Promise<LiveWorkload> {
  let current = change;
  for (let tries = 1; ; tries += 1) {
    const { workload, patch } = current;
    const force = patch.type === 'apply' ? { force: true } : {};
    const query = { fieldManager, ...force, ...(dryRun ? { dryRun: 'All' } : {}) };
    const path = workloadPath(workload);
    try {
      const object = await cluster.patch<KubeObject>(path, patch.type, patch.body, { query, signal });
      return liveWorkload(workload.kind, workload.namespace, object);
    } catch (thrown) {
      if (patch.type !== 'json' || !isRace(thrown) || tries >= maxTries) throw thrown;
      const object = await cluster.get<KubeObject>(path, { signal });
      const now = liveWorkload(workload.kind, workload.namespace, object);
      // What is refused of a specification that nobody changed stays refused.
      const generation = (each: LiveWorkload) => valueAt(each.object, ['metadata', 'generation']);
      if (generation(now) === generation(workload)) throw thrown;
      current = current.again(now);
    }
  }
}

/** Whether a change left the template as it was. */
export function isUnchanged(before: LiveWorkload, after: LiveWorkload): boolean {
  return isDeepStrictEqual(templateOf(before.object), templateOf(after.object));
}

/** The template of a workload of ours. */
export function templateOf(object: unknown): unknown {
  return valueAt(object, templatePath(object) ?? []);
}

/** A failed `test` of a JSON patch is a 422 (k8s.io/apiserver, handlers/patch.go). */
function isRace(thrown: unknown): boolean {
  return thrown instanceof Failure && (thrown.status === 409 || thrown.status === 422);
}

/**
 * The template that was looked at is replaced, and no other: the generation goes up with every change of a specification. The
 * template itself cannot be tested for, as the server patches a form of it that has empty fields which it does not show.
 */
function replacement(object: JsonObject, wanted: unknown): object[] {
  return [
    { op: 'test', path: '/metadata/generation', value: valueAt(object, ['metadata', 'generation']) },
    { op: 'replace', path: `/${(templatePath(object) ?? []).join('/')}`, value: templateOf(wanted) },
  ];
}

/** An apply of what was deleted meanwhile must not create it: an object of a uid cannot be. */
function withUid(body: JsonObject, { metadata }: KubeObject): JsonObject {
  const own = isObject(body['metadata']) ? body['metadata'] : {};
  return { ...body, metadata: { ...own, uid: metadata.uid } };
}

/** Whether our field manager owns something of it by server-side apply. */
function isApplied({ metadata }: JsonObject): boolean {
  const entries = isObject(metadata) && Array.isArray(metadata['managedFields']) ? metadata['managedFields'] : [];
  return entries.filter(isObject).some(({ manager, operation }) => manager === fieldManager && operation === 'Apply');
}

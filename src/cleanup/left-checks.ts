// SPDX-License-Identifier: Apache-2.0
import { checkUntilAnnotation } from '../check/once/once-objects.js';
import { isOnceNamespace } from '../check/once/once-plan.js';
import { deleteNamespace } from '../check/once/remove-once.js';
import { asFailure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import { isForbidden } from '../kube/container-events.js';
import type { KubeObject } from '../kube/objects.js';
import { checkCallerAnnotation, checkLabel } from '../model/check.js';
import type { CleanupItem } from '../model/cleanup.js';

/** A check that is installed has the same label, and is no leftover. */
const onceSelector = `${checkLabel},${checkLabel}!=installed`;

/** The namespaces of one-shot checks, by label and by name. Whoever may not list namespaces has made none. */
export async function findChecks(cluster: Cluster, signal: AbortSignal): Promise<KubeObject[]> {
  const found: KubeObject[] = [];
  const options = { labelSelector: onceSelector, metadataOnly: true, signal };
  try {
    for await (const page of cluster.list<KubeObject>('/api/v1/namespaces', options)) found.push(...page);
  } catch (thrown) {
    if (!isForbidden(thrown)) throw thrown;
  }
  return found.filter(({ metadata }) => isOnceNamespace(metadata.name));
}

interface RemoveOptions {
  caller: string | undefined;
  force: boolean;
  dryRun: 'none' | 'client' | 'server';
  signal: AbortSignal;
}

type Done = Pick<CleanupItem, 'outcome' | 'message'>;

/** Why a namespace is left as it is; undefined for what is to be removed. */
function verdictOn({ metadata }: KubeObject, { caller, force }: RemoveOptions, nowMs: number): Done | undefined {
  const { annotations = {}, deletionTimestamp } = metadata;
  if (deletionTimestamp !== undefined) return { outcome: 'gone', message: 'it is being deleted already' };
  if (force) return undefined;
  const owner = annotations[checkCallerAnnotation];
  if (caller === undefined || owner !== caller) {
    const whose = owner === undefined ? 'nobody wrote down whose it is' : "it is somebody else's";
    return { outcome: 'others', message: `${whose}; --force removes it all the same` };
  }
  const until = annotations[checkUntilAnnotation] ?? '';
  if (Date.parse(until) > nowMs) {
    return { outcome: 'busy', message: `a check may be at work in it until ${until}; --force removes it all the same` };
  }
  return undefined;
}

async function remove(cluster: Cluster, name: string, { dryRun, signal }: RemoveOptions): Promise<Done> {
  if (dryRun === 'client') return { outcome: 'wouldRemove', message: 'dry run' };
  try {
    if (dryRun === 'server') {
      await cluster.delete(`/api/v1/namespaces/${name}`, { query: { dryRun: 'All' }, signal });
      return { outcome: 'wouldRemove', message: 'dry run' };
    }
    const isGone = (await deleteNamespace(cluster, name)) === 'gone';
    if (isGone) return { outcome: 'gone', message: 'the namespace went away meanwhile' };
    return { outcome: 'removed', message: 'the namespace is deleted, with the agents of a check' };
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code === 'bug') throw failure;
    return { outcome: 'failed', message: failure.message };
  }
}

/** Removes a namespace of a check that has left it. What fails is its item's outcome. */
export async function removeLeftCheck(
  cluster: Cluster,
  namespace: KubeObject,
  options: RemoveOptions,
): Promise<CleanupItem> {
  const { name, annotations = {}, creationTimestamp, deletionTimestamp } = namespace.metadata;
  const caller = annotations[checkCallerAnnotation];
  const done = verdictOn(namespace, options, Date.now()) ?? (await remove(cluster, name, options));
  return {
    kind: 'CheckNamespace',
    namespace: name,
    ...(caller === undefined ? {} : { caller }),
    ...(creationTimestamp === undefined ? {} : { startedAt: creationTimestamp }),
    state: deletionTimestamp === undefined ? 'running' : 'ended',
    ...done,
  };
}

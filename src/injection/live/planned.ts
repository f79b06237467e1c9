// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import { requireAccess } from '../../kube/access-review.js';
import type { Cluster } from '../../kube/cluster.js';
import { shortType } from '../../targets/resource-types.js';
import type { JsonObject } from '../pod-template.js';
import { isUnchanged, makeChange, type Change } from './change.js';
import { podUids } from './new-pods.js';
import { recreatePod, rehearseRecreation, waitReady } from './recreate.js';
import { waitRollout, type WaitOptions } from './wait-rollout.js';
import type { LiveWorkload } from './workload.js';

/** What is going to be done to a workload: a patch, a pod that is made anew, or nothing. */
export type Planned =
  | { how: 'patch'; workload: LiveWorkload; change: Change }
  | { how: 'recreate'; workload: LiveWorkload; manifest: JsonObject }
  | { how: 'nothing'; workload: LiveWorkload };

export interface LiveObserver {
  /** A line for the user. */
  say: (line: string) => void;
  /** What is waited for now. */
  progress: (text: string) => void;
  /** A workload is as it is to be, as the server answered; `unchanged` where it was so before. */
  done: (workload: LiveWorkload, outcome: 'changed' | 'unchanged') => void;
}

export interface LiveOptions {
  dryRun: 'none' | 'server' | 'client';
  /** Whether new pods are waited for. */
  wait: boolean;
  timeoutMs: number;
  signal: AbortSignal;
}

/** Asks the server about all of it, admission included. Throws Failure with the first thing that it refuses. */
export async function rehearse(
  cluster: Cluster,
  planned: readonly Planned[],
  signal: AbortSignal,
): Promise<LiveWorkload[]> {
  // The pods of a workload are looked at before and after its change.
  const patched = planned.flatMap(({ how, workload }) => (how === 'patch' ? [workload.namespace] : []));
  const accesses = [...new Set(patched)].map((namespace) => ({ verb: 'list', resource: 'pods', namespace }));
  await requireAccess(cluster, accesses, { signal });
  return Promise.all(
    planned.map(async (each) => {
      if (each.how === 'patch') return makeChange(cluster, each.change, { dryRun: true, signal });
      if (each.how === 'recreate') await rehearseRecreation(cluster, each.workload, each.manifest, signal);
      return each.workload;
    }),
  );
}

/** Does all of it and waits for the new pods. A Failure says what has been changed, and how to `undo` that. */
export async function carryOut(
  cluster: Cluster,
  planned: readonly Planned[],
  options: LiveOptions,
  observer: LiveObserver,
  undo: (changed: readonly LiveWorkload[]) => string,
): Promise<void> {
  const changed: LiveWorkload[] = [];
  const waiting: WaitOptions = { ...options, say: observer.say, progress: observer.progress };
  try {
    const waits = [];
    for (const each of planned) {
      if (each.how === 'nothing') {
        observer.done(each.workload, 'unchanged');
      } else if (each.how === 'patch') {
        const before = await podUids(cluster, each.workload, options.signal);
        const after = await makeChange(cluster, each.change, { dryRun: false, signal: options.signal });
        const outcome = isUnchanged(each.workload, after) ? 'unchanged' : 'changed';
        if (outcome === 'changed') changed.push(after);
        observer.done(after, outcome);
        waits.push(() => waitRollout(cluster, { workload: after, before }, waiting));
      } else {
        const created = await recreatePod(cluster, each.workload, each.manifest, waiting);
        changed.push(created);
        observer.done(created, 'changed');
        waits.push(() => waitReady(cluster, created, waiting));
      }
    }
    if (options.wait) await Promise.all(waits.map((wait) => wait()));
  } catch (thrown) {
    if (!(thrown instanceof Failure) || changed.length === 0) throw thrown;
    const { code, message, status, reason, remedy, cause } = thrown;
    const hint = [thrown.hint, undo(changed)].filter((text) => text !== undefined).join('; ');
    throw new Failure(code, message, { status, reason, remedy, cause, hint });
  }
}

/** Workloads as words of a command line, in whatever namespaces they are. */
export function wordsOf(workloads: readonly LiveWorkload[], own: string): string {
  const isOwn = workloads.every(({ namespace }) => namespace === own);
  const words = workloads.map(
    ({ kind, namespace, name }) => `${isOwn ? '' : `${namespace}/`}${shortType(kind)}/${name}`,
  );
  return [...words, ...(isOwn ? [`-n ${own}`] : [])].join(' ');
}

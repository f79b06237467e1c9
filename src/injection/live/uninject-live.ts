// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import { hasProber, uninjectWorkload } from '../inject.js';
import { isObject, valueAt } from '../pod-template.js';
import { removalChange, templateOf } from './change.js';
import { mountedMap, removeUnused } from './remove-unused.js';
import { carryOut, rehearse, wordsOf, type LiveObserver, type LiveOptions, type Planned } from './planned.js';
import { askedPod, refuseOwned } from './recreated-pod.js';
import { workloadLabel, type LiveWorkload } from './workload.js';

export interface LiveRemoval extends LiveOptions {
  /** Whether bare pods are deleted and created again. */
  recreate: boolean;
}

/**
 * Takes the prober out of workloads of the cluster and waits for their new pods; then removes the peer lists that nothing
 * in their namespaces uses any more. Throws Failure.
 */
export async function uninjectLive(
  cluster: Cluster,
  workloads: readonly LiveWorkload[],
  request: LiveRemoval,
  observer: LiveObserver,
): Promise<void> {
  const { signal, dryRun, wait } = request;
  observer.progress('asking what would be refused');
  const planned = await Promise.all(workloads.map((workload) => plan(cluster, workload, request)));
  const rehearsed = dryRun === 'client' ? workloads : await rehearse(cluster, planned, signal);
  if (dryRun !== 'none') {
    rehearsed.forEach((workload, index) => {
      observer.done(workload, planned[index]?.how === 'nothing' ? 'unchanged' : 'changed');
    });
    return;
  }
  const undo = (changed: readonly LiveWorkload[]) =>
    `the prober is out of their templates: kubectl netmachinery inject ${wordsOf(changed, cluster.namespace)} brings it back`;
  await carryOut(cluster, planned, request, observer, undo);
  const removed = planned.flatMap(({ how, workload }) => (how === 'nothing' ? [] : [workload]));
  for (const namespace of new Set(removed.map((workload) => workload.namespace))) {
    const names = new Set(
      removed.flatMap((each) =>
        each.namespace === namespace ? (mountedMap(valueAt(templateOf(each.object), ['spec'])) ?? []) : [],
      ),
    );
    if (wait) await removeUnused(cluster, namespace, { names, signal, say: observer.say });
    else observer.say(`the peer lists of namespace ${namespace} stay, as its pods were not waited for`);
  }
}

async function plan(cluster: Cluster, workload: LiveWorkload, { recreate, signal }: LiveRemoval): Promise<Planned> {
  const { kind, object } = workload;
  if (!hasProber(object)) return { how: 'nothing', workload };
  if (kind !== 'pod') {
    return { how: 'patch', workload, change: await removalChange(cluster, workload, signal) };
  }
  refuseOwned(workload);
  if (!recreate) {
    throw new Failure('usage', `${workloadLabel(workload)} is a bare pod, and a running pod keeps its containers`, {
      hint: '--recreate deletes it and creates it again without the prober',
    });
  }
  const manifest = uninjectWorkload(askedPod(object, `pod/${workload.name}`));
  return { how: 'recreate', workload, manifest: isObject(manifest) ? manifest : {} };
}

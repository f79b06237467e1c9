// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import { podLabel } from '../../kube/pod-eligibility.js';
import { valueAt } from '../pod-template.js';
import { failureOf, podsOfWorkload } from './new-pods.js';
import type { LiveWorkload } from './workload.js';

/**
 * Throws Failure `tool` where a StatefulSet waits for a pod of an earlier template that never starts: its controller replaces
 * none that has not been ready, so that taking out what broke the pod is not enough
 * (https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback).
 */
export async function refuseStuckPods(cluster: Cluster, workload: LiveWorkload, signal: AbortSignal): Promise<void> {
  if (workload.kind !== 'statefulset') return;
  const revision = valueAt(workload.object, ['status', 'updateRevision']);
  const stuck = (await podsOfWorkload(cluster, workload, signal)).flatMap((pod) => {
    const { labels = {}, deletionTimestamp } = pod.metadata;
    if (deletionTimestamp !== undefined || labels['controller-revision-hash'] === revision) return [];
    const words = failureOf(pod);
    return words === undefined ? [] : [{ pod, words }];
  });
  const [first] = stuck;
  if (first === undefined) return;
  const names = stuck.map(({ pod }) => `pod/${pod.metadata.name}`).join(' ');
  throw new Failure(
    'tool',
    `pod ${podLabel(first.pod)} has the template of before and does not start, and a StatefulSet does not replace it by itself: ${first.words}`,
    { reason: 'RolloutFailed', hint: `kubectl delete ${names} -n ${workload.namespace} lets it go on` },
  );
}

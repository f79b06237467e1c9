// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import type { KubeObject } from '../../kube/objects.js';
import { pause } from '../../kube/pause.js';
import { refuseFailedPods, refuseUncreated } from './new-pods.js';
import { refuseStuckPods } from './stuck-pods.js';
import { rolloutStatus } from './rollout-status.js';
import { liveWorkload, workloadLabel, workloadPath, type LiveWorkload } from './workload.js';

const lookEveryMs = 500;

export interface RolloutWait {
  /** As it was answered to the change. */
  workload: LiveWorkload;
  /** The uids of its pods before the change. */
  before: ReadonlySet<string | undefined>;
}

export interface WaitOptions {
  timeoutMs: number;
  signal: AbortSignal;
  progress: (text: string) => void;
  say: (line: string) => void;
}

/**
 * Waits until the pods of a workload have its change. Throws Failure `tool` in the words of the kubelet or the controller at
 * once where they do not start, and when the time is over.
 */
export async function waitRollout(
  cluster: Cluster,
  { workload, before }: RolloutWait,
  { timeoutMs, signal, progress, say }: WaitOptions,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  const since = Number(workload.object.metadata.resourceVersion);
  for (;;) {
    const object = await cluster.get<KubeObject>(workloadPath(workload), { signal });
    const current = liveWorkload(workload.kind, workload.namespace, object);
    const { state, text } = rolloutStatus(current);
    if (state === 'done') return;
    if (state === 'never') {
      say(`${workload.kind}/${workload.name}: ${text}`);
      return;
    }
    await refuseFailedPods(cluster, current, before, signal);
    await refuseStuckPods(cluster, current, signal);
    await refuseUncreated(cluster, current, since, signal);
    const label = workloadLabel(workload);
    if (state === 'failed')
      throw new Failure('tool', `${label} does not roll out: ${text}`, { reason: 'RolloutFailed' });
    progress(`waiting for ${workload.kind}/${workload.name}: ${text}`);
    if (performance.now() > deadline) {
      throw new Failure('tool', `${label} did not roll out within ${timeoutMs / 1000} s: ${text}`, {
        reason: 'RolloutFailed',
      });
    }
    await pause(lookEveryMs, signal);
  }
}

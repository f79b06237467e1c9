// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import { requireAccess } from '../../kube/access-review.js';
import type { Cluster } from '../../kube/cluster.js';
import type { KubeObject } from '../../kube/objects.js';
import { pause } from '../../kube/pause.js';
import { collectionPath } from '../../targets/resource-types.js';
import type { JsonObject } from '../pod-template.js';
import { refuseFailedPods } from './new-pods.js';
import { liveWorkload, workloadLabel, workloadPath, type LiveWorkload } from './workload.js';
import type { WaitOptions } from './wait-rollout.js';

const lookEveryMs = 300;
const createTries = 3;

/** What a name can still be made longer by. */
const longestPrefix = 240;

/**
 * Asks the server whether it would delete and create the pod; under another name, because its own is taken. Throws what it
 * answers.
 */
export async function rehearseRecreation(
  cluster: Cluster,
  { namespace, name }: LiveWorkload,
  manifest: JsonObject,
  signal: AbortSignal,
): Promise<void> {
  const accesses = ['delete', 'get'].map((verb) => ({ verb, resource: 'pods', namespace }));
  await requireAccess(cluster, accesses, { signal });
  const metadata = {
    ...(manifest['metadata'] as object),
    name: undefined,
    generateName: `${name.slice(0, longestPrefix)}-`,
  };
  const query = { dryRun: 'All' };
  await cluster.create(collectionPath('pod', namespace), { ...manifest, metadata }, { query, signal });
}

/** Deletes a pod, waits until it is gone and creates it again. What cannot be created again is in the Failure, to be kept. */
export async function recreatePod(
  cluster: Cluster,
  pod: LiveWorkload,
  manifest: JsonObject,
  { timeoutMs, signal, progress }: WaitOptions,
): Promise<LiveWorkload> {
  const path = workloadPath(pod);
  const deadline = performance.now() + timeoutMs;
  // What is made anew is the pod that was looked at, which other pods may have been waited for since.
  if (await isGone(cluster, pod, signal)) {
    throw new Failure('notFound', `${workloadLabel(pod)} was deleted or replaced meanwhile, and is left alone`);
  }
  let isDeleted = false;
  try {
    await cluster.delete(path, { signal });
    isDeleted = true;
    progress(`waiting for pod/${pod.name} to end`);
    while (!(await isGone(cluster, pod, signal))) {
      if (performance.now() > deadline) {
        throw new Failure('tool', `${workloadLabel(pod)} was not gone within ${timeoutMs / 1000} s`);
      }
      await pause(lookEveryMs, signal);
    }
    return await create(cluster, pod, manifest, signal);
  } catch (thrown) {
    // An answer that did not come does not say that nothing was done.
    if (!(thrown instanceof Failure) || (!isDeleted && thrown.status !== undefined)) throw thrown;
    const words = `${isDeleted ? 'is' : 'may be'} deleted and not created again`;
    throw new Failure(thrown.code, `${workloadLabel(pod)} ${words}: ${thrown.message}`, {
      cause: thrown,
      status: thrown.status,
      reason: thrown.reason,
      hint: 'create it yourself from the manifest below',
      remedy: `${JSON.stringify(manifest, null, 2)}\n`,
    });
  }
}

async function create(
  cluster: Cluster,
  pod: LiveWorkload,
  manifest: JsonObject,
  signal: AbortSignal,
): Promise<LiveWorkload> {
  for (let tries = 1; ; tries += 1) {
    try {
      const created = await cluster.create<KubeObject>(collectionPath('pod', pod.namespace), manifest, { signal });
      return liveWorkload('pod', pod.namespace, created);
    } catch (thrown) {
      // A try before it whose answer did not come may well have made it.
      if (tries > 1 && thrown instanceof Failure && thrown.status === 409) {
        return liveWorkload('pod', pod.namespace, await cluster.get<KubeObject>(workloadPath(pod), { signal }));
      }
      if (tries >= createTries || signal.aborted || !(thrown instanceof Failure) || thrown.code === 'forbidden')
        throw thrown;
      await pause(tries * lookEveryMs, signal);
    }
  }
}

async function isGone(cluster: Cluster, pod: LiveWorkload, signal: AbortSignal): Promise<boolean> {
  try {
    const { metadata } = await cluster.get<KubeObject>(workloadPath(pod), { signal });
    return metadata.uid !== pod.object.metadata.uid;
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.status === 404) return true;
    throw thrown;
  }
}

/** Waits until a new pod is Ready. Throws Failure `tool` as `waitRollout` does. */
export async function waitReady(cluster: Cluster, pod: LiveWorkload, options: WaitOptions): Promise<void> {
  const deadline = performance.now() + options.timeoutMs;
  for (;;) {
    const object = await cluster.get<KubeObject & { status?: { conditions?: { type: string; status: string }[] } }>(
      workloadPath(pod),
      { signal: options.signal },
    );
    if (object.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true) return;
    await refuseFailedPods(cluster, liveWorkload('pod', pod.namespace, object), new Set(), options.signal);
    if (performance.now() > deadline) {
      throw new Failure('tool', `${workloadLabel(pod)} was not ready within ${options.timeoutMs / 1000} s`, {
        reason: 'RolloutFailed',
      });
    }
    options.progress(`waiting for pod/${pod.name} to be ready`);
    await pause(lookEveryMs, options.signal);
  }
}

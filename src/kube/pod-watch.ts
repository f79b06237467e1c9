// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from './cluster.js';
import { pause } from './pause.js';
import type { Pod } from './objects.js';

const resumeAfterMs = 500;
const pollEveryMs = 1000;
/** What is waited for takes seconds: a watch that ends soon is one whose dead connection is noticed soon. */
const watchSeconds = 20;

interface PodName {
  namespace: string;
  name: string;
}

/** The Failure of a pod that is no longer there. */
export function vanished({ namespace, name }: PodName): Failure {
  return new Failure('notFound', `pod ${namespace}/${name} was deleted`, { reason: 'SourceVanished' });
}

type See = (pod: Pod) => void;

async function look(cluster: Cluster, { namespace, name }: PodName, signal: AbortSignal, see: See): Promise<Pod> {
  try {
    const pod = await cluster.get<Pod>(`/api/v1/namespaces/${namespace}/pods/${name}`, { signal });
    see(pod);
    return pod;
  } catch (thrown) {
    throw thrown instanceof Failure && thrown.status === 404 ? vanished({ namespace, name }) : thrown;
  }
}

async function watchOnce(cluster: Cluster, pod: PodName, signal: AbortSignal, see: See): Promise<void> {
  // From a version that was read: watching from "any" (0) needs etcd features that not every cluster has.
  const { resourceVersion } = (await look(cluster, pod, signal, see)).metadata;
  const events = cluster.watch<Pod>(`/api/v1/namespaces/${pod.namespace}/pods`, {
    fieldSelector: `metadata.name=${pod.name}`,
    resourceVersion,
    timeoutSeconds: watchSeconds,
    signal,
  });
  for await (const { type, object } of events) {
    if (type === 'DELETED') throw vanished(pod);
    if (type !== 'BOOKMARK') see(object);
  }
}

async function pollOnce(cluster: Cluster, pod: PodName, signal: AbortSignal, see: See): Promise<void> {
  await look(cluster, pod, signal, see);
  await pause(pollEveryMs, signal);
}

/**
 * Shows a pod's states to `see` until that throws, the pod is deleted (Failure `notFound`, reason SourceVanished) or the
 * signal aborts. A watch that breaks is begun anew; who may not watch asks every second.
 */
export async function watchPod(cluster: Cluster, pod: PodName, signal: AbortSignal, see: See): Promise<never> {
  let observe = watchOnce;
  for (;;) {
    try {
      await observe(cluster, pod, signal, see);
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      if (thrown.code === 'forbidden' && observe === watchOnce) observe = pollOnce;
      else if (thrown.code !== 'cluster') throw thrown;
      await pause(resumeAfterMs, signal);
    }
  }
}

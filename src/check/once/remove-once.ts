// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import type { KubeObject } from '../../kube/objects.js';
import { pause } from '../../kube/pause.js';
import { requestLimit } from './request-limit.js';

const requestLimitMs = 5000;
const deleteLimitMs = 15_000;
const deleteEveryMs = 500;
/** A creation whose answer was lost may still take effect within this. */
const lateCreationMs = 2000;
const lookEveryMs = 500;
/** Pods that are not gone by then are on a node that does not answer: nobody waits for it. */
const patienceMs = 12_000;

const namespacePath = (name: string) => `/api/v1/namespaces/${name}`;
const isGone = (thrown: unknown) => thrown instanceof Failure && thrown.status === 404;

/** Whether the server may answer otherwise the next time: it failed, could not be reached, or said nothing in our time. */
function mayPass(thrown: unknown): boolean {
  return thrown instanceof Failure && (thrown.status === undefined || thrown.status >= 500 || thrown.status === 429);
}

/**
 * Has a namespace of a one-shot check deleted, with all that is in it. Takes no signal: this is what has to be done also when a
 * check was interrupted. Throws Failure when that could not be asked for. `gone`: there is none.
 */
export async function deleteNamespace(
  cluster: Cluster,
  name: string,
  { mayComeLate = false }: { mayComeLate?: boolean } = {},
): Promise<'going' | 'gone'> {
  const startedMs = performance.now();
  for (;;) {
    const elapsedMs = performance.now() - startedMs;
    try {
      await cluster.delete(namespacePath(name), { signal: requestLimit(requestLimitMs) });
      return 'going';
    } catch (thrown) {
      if (isGone(thrown)) {
        if (!mayComeLate || elapsedMs > lateCreationMs) return 'gone';
      }
      // It is being deleted already.
      else if (thrown instanceof Failure && thrown.status === 409) return 'going';
      else if (!mayPass(thrown) || elapsedMs > deleteLimitMs) throw thrown;
    }
    await pause(deleteEveryMs);
  }
}

async function isThere(cluster: Cluster, name: string, signal: AbortSignal): Promise<boolean> {
  try {
    await cluster.get<KubeObject>(namespacePath(name), { signal });
    return true;
  } catch (thrown) {
    if (isGone(thrown)) return false;
    if (signal.aborted || !mayPass(thrown)) throw thrown;
    return true;
  }
}

/** Takes pods out of the API whose kubelet does not say that they have ended; it ends them when it is back. */
async function forcePods(cluster: Cluster, namespace: string, signal: AbortSignal): Promise<void> {
  const path = `${namespacePath(namespace)}/pods`;
  try {
    for await (const page of cluster.list<KubeObject>(path, { metadataOnly: true, signal })) {
      await Promise.all(
        page.map(({ metadata }) =>
          cluster.delete(`${path}/${metadata.name}`, { query: { gracePeriodSeconds: 0 }, signal }),
        ),
      );
    }
  } catch (thrown) {
    // Whoever may not delete single pods waits for their nodes; and what is gone meanwhile is what is wanted.
    if (signal.aborted || !(thrown instanceof Failure)) throw thrown;
  }
}

/** Waits until namespaces are gone; those that are still there when the time is up. Throws Failure when the signal aborts. */
export async function awaitGone(
  cluster: Cluster,
  names: readonly string[],
  { limitMs, signal }: { limitMs: number; signal: AbortSignal },
): Promise<string[]> {
  const startedMs = performance.now();
  let isForced = false;
  for (;;) {
    const there = await Promise.all(names.map((name) => isThere(cluster, name, signal)));
    const left = names.filter((_, index) => there[index] === true);
    const elapsedMs = performance.now() - startedMs;
    if (left.length === 0 || elapsedMs > limitMs) return left;
    if (elapsedMs > patienceMs && !isForced) {
      isForced = true;
      await Promise.all(left.map((name) => forcePods(cluster, name, signal)));
    }
    await pause(lookEveryMs, signal);
  }
}

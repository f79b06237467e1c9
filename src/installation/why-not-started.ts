// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../kube/cluster.js';
import { isForbidden, startWarning } from '../kube/container-events.js';
import { neverStarts } from '../kube/container-state.js';
import type { ContainerStatus, Pod } from '../kube/objects.js';

/** A program that ends at once, again and again, does not get better. */
const mostRestarts = 2;

type Status = ContainerStatus & { restartCount?: number; lastState?: ContainerStatus['state'] };

export interface NotStarted {
  /** The kubelet's reason, or what became of the program. */
  reason: string;
  /** The kubelet's words, or the program's last ones. */
  message: string | undefined;
}

/** Why the first container of a pod will not start; undefined where it runs, or may still. */
export async function whyNotStarted(
  cluster: Cluster,
  { metadata, spec, status: found }: Pod,
  signal: AbortSignal,
): Promise<NotStarted | undefined> {
  const status = found?.containerStatuses?.[0] as Status | undefined;
  const { waiting } = status?.state ?? {};
  if (waiting?.reason !== undefined && neverStarts(waiting.reason, waiting.message)) {
    return { reason: waiting.reason, message: waiting.message };
  }
  const ended = status?.lastState?.terminated ?? status?.state?.terminated;
  if (ended !== undefined && (status?.restartCount ?? 0) >= mostRestarts) {
    const { exitCode, reason = 'Error', message } = ended;
    return { reason: `it ended with exit code ${exitCode} (${reason})`, message };
  }
  if (status?.ready === true || status?.state?.running !== undefined) return undefined;
  const { name: pod, uid: podUid, namespace = '' } = metadata;
  const name = spec.containers[0]?.name ?? '';
  return startWarning(cluster, { namespace, pod, podUid, name }, signal).catch((thrown: unknown) => {
    if (isForbidden(thrown)) return undefined;
    throw thrown;
  });
}

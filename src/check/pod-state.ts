// SPDX-License-Identifier: Apache-2.0
import type { Pod } from '../kube/objects.js';
import { isReady as saysReady } from '../targets/pod-facts.js';

/** Whether the kubelet says that a pod is ready, and that will not end now: one that is being deleted says so for a while. */
export function isReady(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp === undefined && saysReady(pod);
}

/** Whether a program of the pod runs, so that it can be executed in. */
export function isRunning({ status }: Pod): boolean {
  return status?.containerStatuses?.some(({ state }) => state?.running !== undefined) === true;
}

// SPDX-License-Identifier: Apache-2.0
import type { Found } from './find-leftovers.js';

/** The kubelet's words before it has tried anything. */
const starting = new Set(['ContainerCreating', 'PodInitializing']);
/** What waits for a probe pod gives up after about this time (`--tool-timeout`). */
const startingMs = 60_000;

/** What removes the rules of a shape from a pod. */
export function clearCommand({ namespace, pod }: Pick<Found, 'namespace' | 'pod'>): string {
  return `kubectl netmachinery shape clear -n ${namespace} pod/${pod}`;
}

/** Why something is left as it is, without asking anybody; undefined for what is to be ended. */
export function verdictOn(
  leftover: Found,
  { caller, force }: { caller: string | undefined; force: boolean },
): { outcome: 'stays' | 'others' | 'busy'; message: string } | undefined {
  const { kind, state, waitingReason, idles } = leftover;
  if (leftover.hasLeftRules) {
    return { outcome: 'stays', message: `was killed and left rules of a shape behind: ${clearCommand(leftover)}` };
  }
  if (kind !== 'ProbePod' && state === 'ended') {
    return { outcome: 'stays', message: 'has ended; its entry stays in the pod until the pod is replaced' };
  }
  // Without a reason it may well run: the status comes up to a second late.
  if (kind !== 'ProbePod' && state === 'waiting' && waitingReason !== undefined && !starting.has(waitingReason)) {
    const message = `has not started (${waitingReason}); the kubelet keeps trying until the pod is replaced`;
    return { outcome: 'stays', message };
  }
  if (force) return undefined;
  if (caller === undefined || leftover.caller !== caller) {
    const whose = leftover.caller === undefined ? 'nobody wrote down whose it is' : "it is somebody else's";
    return { outcome: 'others', message: `${whose}; --force ends it all the same` };
  }
  const ageMs = Date.now() - Date.parse(leftover.startedAt ?? '');
  if (kind === 'ProbePod' && state === 'waiting' && ageMs < startingMs) {
    return { outcome: 'busy', message: 'is just starting, for tests that wait for it; --force ends it all the same' };
  }
  if (!idles && state !== 'ended') return { outcome: 'busy', message: 'does its tests, and ends with them' };
  return undefined;
}

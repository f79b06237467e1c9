// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { ContainerStatus, Pod } from './objects.js';
import { podLabel, withoutToolContainer } from './pod-eligibility.js';
import { isProbePod } from './probe-pod-metadata.js';

/**
 * Waiting reasons that do not pass by themselves within the time that anybody waits (kubelet: images/types.go,
 * container/sync_result.go, kuberuntime/kuberuntime_container.go).
 */
const fatalReasons = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
  'CreateContainerConfigError',
  'CreateContainerError',
  'PreCreateHookError',
  'PreStartHookError',
  'RunContainerError',
]);
/**
 * The kubelet waits one second for its first list of a pod's ConfigMaps and Secrets, then tries again with the next
 * synchronization (util/manager/watch_based_manager.go): a busy API server, and no fault of the container.
 */
const passing = /failed to sync (configmap|secret) cache: timed out/;
const aboutImage = /Image|Registry|Signature/;
const noShell = /"sh": executable file not found/;

/** Whether what the kubelet says of a container that does not start passes by itself. */
export function passes(message: string | undefined): boolean {
  return passing.test(message ?? '');
}

/** Whether a container waits for something that does not pass by itself within the time that anybody waits. */
export function neverStarts(reason: string, message: string | undefined): boolean {
  return fatalReasons.has(reason) && !passes(message);
}

/** A container that will never start, as a Failure with the kubelet's words. */
export function startFailure(pod: Pod, container: string, reason: string, message: string | undefined): Failure {
  const words = message === undefined ? '' : `: ${message}`;
  return new Failure('tool', `tool container ${container} of pod ${podLabel(pod)} cannot start: ${reason}${words}`, {
    reason,
    hint: startHint(pod, reason, message),
  });
}

function startHint({ spec }: Pod, reason: string, message = ''): string {
  if (noShell.test(message)) return 'the image needs sh, sleep and timeout besides the tools; --image names another';
  if (!aboutImage.test(reason)) return withoutToolContainer;
  const secrets = (spec.imagePullSecrets ?? []).map(({ name }) => name).join(', ');
  return (
    `the pod pulls with ${secrets === '' ? 'no imagePullSecrets' : `imagePullSecrets ${secrets}`} ` +
    `(service account ${spec.serviceAccountName ?? 'default'}); --image names another image`
  );
}

/** The status of a tool container, where the kubelet has reported one: ephemeral, or in a probe pod an ordinary one. */
export function ephemeralStatus({ status }: Pod, container: string): ContainerStatus | undefined {
  const { ephemeralContainerStatuses = [], containerStatuses = [] } = status ?? {};
  return [...ephemeralContainerStatuses, ...containerStatuses].find(({ name }) => name === container);
}

/** Whether a tool container runs; throws Failure, in the kubelet's words, when it never will (any more). */
export function isRunning(pod: Pod, container: string): boolean {
  const gone = (why: string) => new Failure('notFound', `pod ${podLabel(pod)} ${why}`, { reason: 'SourceVanished' });
  const { phase, reason: why, message: details } = pod.status ?? {};
  if (pod.metadata.deletionTimestamp !== undefined) throw gone('is being deleted');
  const { terminated, waiting, running } = ephemeralStatus(pod, container)?.state ?? {};
  if (phase === 'Succeeded' || phase === 'Failed') {
    // Such as OutOfpods, Evicted, DeadlineExceeded (kubelet: lifecycle/predicate.go, eviction, active_deadline.go).
    const finished = `has finished (${[phase, why, details].filter((text) => text !== undefined).join(': ')})`;
    if (!isProbePod(pod)) throw gone(finished);
    // It is ours, and no source that went away; its container, where it has run, says more than the phase alone.
    if (why !== undefined || terminated === undefined) {
      throw new Failure('tool', `probe pod ${podLabel(pod)} ${finished}`, { reason: 'ToolContainerFailed' });
    }
  }
  if (terminated !== undefined) {
    const { exitCode, reason = 'Terminated', message } = terminated;
    const words = message === undefined ? '' : `: ${message}`;
    throw new Failure(
      'tool',
      `tool container ${container} of pod ${podLabel(pod)} ended with exit code ${exitCode} (${reason})${words}`,
      { reason: 'ToolContainerFailed' },
    );
  }
  if (waiting?.reason !== undefined && neverStarts(waiting.reason, waiting.message)) {
    throw startFailure(pod, container, waiting.reason, waiting.message);
  }
  return running !== undefined;
}

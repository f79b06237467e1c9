// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { ContainerStatus, Pod } from './objects.js';
import { podLabel } from './pod-eligibility.js';

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
const aboutImage = /Image|Registry|Signature/;
const noShell = /"sh": executable file not found/;

/** A container that will never start, as a Failure with the kubelet's words. */
export function startFailure(pod: Pod, container: string, reason: string, message: string | undefined): Failure {
  const words = message === undefined ? '' : `: ${message}`;
  return new Failure('tool', `tool container ${container} of pod ${podLabel(pod)} cannot start: ${reason}${words}`, {
    reason,
    hint: startHint(pod, reason, message),
  });
}

function startHint({ spec }: Pod, reason: string, message = ''): string | undefined {
  if (noShell.test(message))
    return 'the image needs sh, date, sleep and timeout besides the tools; --image names another';
  if (!aboutImage.test(reason)) return undefined;
  const secrets = (spec.imagePullSecrets ?? []).map(({ name }) => name).join(', ');
  return (
    `the pod pulls with ${secrets === '' ? 'no imagePullSecrets' : `imagePullSecrets ${secrets}`} ` +
    `(service account ${spec.serviceAccountName ?? 'default'}); --image names another image`
  );
}

/** The status of an ephemeral container, where the kubelet has reported one. */
export function ephemeralStatus(pod: Pod, container: string): ContainerStatus | undefined {
  return pod.status?.ephemeralContainerStatuses?.find(({ name }) => name === container);
}

/** Whether an ephemeral container runs; throws Failure, in the kubelet's words, when it never will (any more). */
export function isRunning(pod: Pod, container: string): boolean {
  const gone = (why: string) => new Failure('notFound', `pod ${podLabel(pod)} ${why}`, { reason: 'SourceVanished' });
  const { phase } = pod.status ?? {};
  if (pod.metadata.deletionTimestamp !== undefined) throw gone('is being deleted');
  if (phase === 'Succeeded' || phase === 'Failed') throw gone(`has finished (${phase})`);
  const { terminated, waiting, running } = ephemeralStatus(pod, container)?.state ?? {};
  if (terminated !== undefined) {
    const { exitCode, reason = 'Terminated', message } = terminated;
    const words = message === undefined ? '' : `: ${message}`;
    throw new Failure(
      'tool',
      `tool container ${container} of pod ${podLabel(pod)} ended with exit code ${exitCode} (${reason})${words}`,
      { reason: 'ToolContainerFailed' },
    );
  }
  if (waiting?.reason !== undefined && fatalReasons.has(waiting.reason)) {
    throw startFailure(pod, container, waiting.reason, waiting.message);
  }
  return running !== undefined;
}

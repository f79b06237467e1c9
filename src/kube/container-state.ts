// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Pod } from './objects.js';
import { podLabel } from './pod-eligibility.js';

/** Waiting reasons of the kubelet that do not pass by themselves within the time that anybody waits (kubelet, images and kuberuntime). */
const fatalReasons = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
  'RegistryUnavailable',
  'CreateContainerConfigError',
  'CreateContainerError',
  'PreCreateHookError',
  'RunContainerError',
  'StartError',
  'ContainerCannotRun',
]);
const imageReasons = new Set(['ErrImagePull', 'ImagePullBackOff', 'ErrImageNeverPull', 'InvalidImageName', 'RegistryUnavailable']);

function imageHint({ spec }: Pod): string {
  const secrets = (spec.imagePullSecrets ?? []).map(({ name }) => name).join(', ');
  return (
    `the pod pulls with ${secrets === '' ? 'no imagePullSecrets' : `imagePullSecrets ${secrets}`} ` +
    `(service account ${spec.serviceAccountName ?? 'default'}); --image names another image`
  );
}

/** Whether an ephemeral container runs; throws Failure, in the kubelet's words, when it never will (any more). */
export function isRunning(pod: Pod, container: string): boolean {
  const gone = (why: string) => new Failure('notFound', `pod ${podLabel(pod)} ${why}`, { reason: 'SourceVanished' });
  if (pod.metadata.deletionTimestamp !== undefined) throw gone('is being deleted');
  if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') throw gone(`has finished (${pod.status.phase})`);
  const state = pod.status?.ephemeralContainerStatuses?.find(({ name }) => name === container)?.state;
  const who = `tool container ${container} of pod ${podLabel(pod)}`;
  if (state?.terminated !== undefined) {
    const { exitCode, reason = 'Terminated', message } = state.terminated;
    const words = message === undefined ? '' : `: ${message}`;
    throw new Failure('tool', `${who} ended with exit code ${exitCode} (${reason})${words}`, { reason: 'ToolContainerFailed' });
  }
  const { reason, message } = state?.waiting ?? {};
  if (reason !== undefined && fatalReasons.has(reason)) {
    throw new Failure('tool', `${who} cannot start: ${reason}${message === undefined ? '' : `: ${message}`}`, {
      reason,
      hint: imageReasons.has(reason) ? imageHint(pod) : undefined,
    });
  }
  return state?.running !== undefined;
}

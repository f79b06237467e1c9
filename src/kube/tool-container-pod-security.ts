// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Pod } from './objects.js';
import { podLabel, withoutToolContainer } from './pod-eligibility.js';
import type { ToolContainerRequest } from './tool-container-spec.js';

/** What PodSecurity says: the level that the namespace enforces, as `restricted:latest`, and the controls that are violated. */
export interface PodSecurityDenial {
  level: string;
  controls: string;
}

/** `violates PodSecurity "restricted:latest": unrestricted capabilities (...)` (pod-security-admission, admission.go). */
const words = /violates PodSecurity "([^"]*)": (.*)$/s;

/** The denial that a refused patch stands for, or undefined where it was refused for another reason. */
export function podSecurityDenial(thrown: unknown): PodSecurityDenial | undefined {
  if (!(thrown instanceof Failure) || thrown.status !== 403) return undefined;
  const [, level, controls] = words.exec(thrown.message) ?? [];
  return level === undefined || controls === undefined ? undefined : { level, controls };
}

function denied(message: string, hint: string): Failure {
  return new Failure('unsupported', message, { reason: 'PodSecurityDenied', status: 403, hint });
}

/** Our container asks for more than its namespace allows; one without capabilities would be let in. */
export function toolContainerDenied(
  { level, controls }: PodSecurityDenial,
  { metadata: { namespace = 'default' } }: Pod,
  { capabilities = [] }: ToolContainerRequest,
): Failure {
  return denied(
    `PodSecurity "${level}" of namespace ${namespace} refuses a tool container with ${capabilities.join(' and ')}: ${controls}`,
    capabilities.includes('NET_ADMIN')
      ? `shaping needs the level "privileged" there: kubectl label namespace ${namespace} pod-security.kubernetes.io/enforce=privileged --overwrite`
      : 'ping without --raw and connect without --udp-proof capture need no capability and are allowed in this pod',
  );
}

/** PodSecurity looks at the whole pod whenever a container is added: what the pod itself violates refuses any. */
export function podItselfDenied({ level, controls }: PodSecurityDenial, pod: Pod): Failure {
  const namespace = pod.metadata.namespace ?? 'default';
  return denied(
    `pod ${podLabel(pod)} itself violates PodSecurity "${level}" of namespace ${namespace}, so that nothing can be added to it: ${controls}`,
    `the pod is older than this level of its namespace, or was exempt from it; ${withoutToolContainer}`,
  );
}

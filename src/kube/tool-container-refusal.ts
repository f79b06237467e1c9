// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Status } from './api-failure.js';
import type { Pod } from './objects.js';
import { podLabel } from './pod-eligibility.js';
import { rightsOf, type ToolContainerRequest } from './tool-container-spec.js';

/** `violates PodSecurity "restricted:latest": unrestricted capabilities (...)` (pod-security-admission, admission.go). */
const podSecurity = /violates PodSecurity "([^"]*)": (.*)$/s;

function podSecurityFailure(
  failure: Failure,
  pod: Pod,
  level: string,
  controls: string,
  request: ToolContainerRequest,
): Failure {
  const hint =
    rightsOf(request) === 'plain'
      ? 'the pod itself, or the image, breaks the rules of its namespace: an unprivileged tool container does not'
      : `a tool container with ${(request.capabilities ?? []).join(' and ')} needs a namespace that allows it; ping without --raw and connect need no capability`;
  return new Failure(
    'unsupported',
    `PodSecurity "${level}" of namespace ${pod.metadata.namespace ?? 'default'} refuses the tool container: ${controls}`,
    { reason: 'PodSecurityDenied', status: failure.status, cause: failure, hint },
  );
}

/** Why a patch that adds a tool container was refused. */
export function patchFailure(thrown: unknown, pod: Pod, request: ToolContainerRequest): unknown {
  if (!(thrown instanceof Failure)) return thrown;
  const denied = podSecurity.exec(thrown.message);
  if (thrown.status === 403 && denied !== null) {
    return podSecurityFailure(thrown, pod, denied[1] ?? '', denied[2] ?? '', request);
  }
  if (thrown.status === 403) {
    return new Failure('forbidden', thrown.message, {
      status: 403,
      reason: thrown.reason,
      cause: thrown,
      hint: `adding a tool container needs: patch of pods/ephemeralcontainers in namespace ${pod.metadata.namespace ?? 'default'}`,
    });
  }
  // kubectl debug tells them apart the same way: without a name it is the subresource that is unknown.
  const details = (thrown.cause as Status | undefined)?.details;
  if (thrown.status === 404 && !details?.name) {
    return new Failure('unsupported', 'this cluster has no ephemeral containers (they came with Kubernetes 1.23)', {
      status: 404,
      reason: 'EphemeralContainersUnavailable',
      cause: thrown,
      hint: '-c NAME runs the tools in a container that the pod already has',
    });
  }
  if (thrown.status === 404) {
    return new Failure('notFound', `pod ${podLabel(pod)} is gone`, {
      status: 404,
      reason: 'SourceVanished',
      cause: thrown,
    });
  }
  return thrown;
}

// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Status } from './api-failure.js';
import type { Pod } from './objects.js';
import { podLabel, withoutToolContainer } from './pod-eligibility.js';

/** A webhook's refusal, and that of a ValidatingAdmissionPolicy (k8s.io/apiserver, admission/plugin). */
const admissionPolicy =
  /admission webhook "[^"]+" denied the request|ValidatingAdmissionPolicy '[^']+' .*denied request/;

/** Why a patch that adds a tool container was refused, where it was not PodSecurity. */
export function patchFailure(thrown: unknown, pod: Pod): unknown {
  if (!(thrown instanceof Failure)) return thrown;
  if (admissionPolicy.test(thrown.message)) {
    return new Failure('forbidden', thrown.message, {
      status: thrown.status,
      reason: thrown.reason,
      cause: thrown,
      hint: `a policy of the cluster refuses the tool container, whatever your permissions are; ${withoutToolContainer}`,
    });
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
      hint: withoutToolContainer,
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

/**
 * Whether a container was refused (422) because another one has its name by now: one that the pod runs (a duplicate), or an
 * ephemeral one, which the patch would then change (k8s.io/kubernetes pkg/apis/core/validation, ValidatePodEphemeralContainersUpdate).
 * A ValidatingAdmissionPolicy answers 422 as well, which names no field.
 */
export function isNameTaken({ status, cause }: Failure): boolean {
  const { causes = [] } = (cause as Status | undefined)?.details ?? {};
  if (status !== 422) return false;
  return causes.some(
    ({ reason, message = '', field = '' }) =>
      (reason === 'FieldValueDuplicate' && /^spec\.ephemeralContainers\[\d+\]\.name$/.test(field)) ||
      (field === 'spec.ephemeralContainers' && message.includes('existing ephemeral containers')),
  );
}

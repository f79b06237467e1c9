// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Pod } from './objects.js';

const mirrorAnnotation = 'kubernetes.io/config.mirror';

/** What may be done where a pod cannot have a tool container. */
export const withoutToolContainer =
  '-c NAME runs the tools in a container that the pod has, --probe-pod in a pod of ours that is like it';

/** `NAMESPACE/NAME` of a pod, for people. */
export function podLabel({ metadata: { namespace, name } }: Pod): string {
  return `${namespace ?? 'default'}/${name}`;
}

/**
 * Throws Failure `unsupported` where no ephemeral container can run in a pod: it is static (the kubelet would never start
 * it, kubernetes/kubernetes#113935), on Windows, finished, going, or on no node yet. A pod that is stuck in its init
 * containers is fine: ephemeral ones start before them.
 */
export function assertEligible(pod: Pod): void {
  const { metadata, spec, status } = pod;
  const refuse = (why: string, reason: string, hint: string) =>
    new Failure('unsupported', `pod ${podLabel(pod)} ${why}`, { reason, hint });
  if (metadata.annotations?.[mirrorAnnotation] !== undefined) {
    throw refuse('is a static pod', 'StaticPod', `use another pod on the same node; ${withoutToolContainer}`);
  }
  if (spec.os?.name === 'windows') throw refuse('runs Windows', 'WindowsPod', 'only Linux pods can be used');
  if (metadata.deletionTimestamp !== undefined) {
    throw refuse('is being deleted', 'PodNotRunning', 'use another pod, or wait for its replacement');
  }
  const { phase } = status ?? {};
  if (phase === 'Succeeded' || phase === 'Failed') {
    throw refuse(
      `has finished (${phase})`,
      'PodNotRunning',
      'use a pod that runs; --probe-pod sends from a pod of ours that is like it',
    );
  }
  if (!spec.nodeName) throw refuse('is on no node yet', 'PodNotRunning', 'see why with: kubectl describe pod');
}

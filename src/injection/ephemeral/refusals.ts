// SPDX-License-Identifier: Apache-2.0
import { asFailure, Failure } from '../../errors/failure.js';
import { requireAccess } from '../../kube/access-review.js';
import type { Cluster } from '../../kube/cluster.js';
import type { Container, Pod } from '../../kube/objects.js';
import { assertEligible, podLabel } from '../../kube/pod-eligibility.js';
import { patchToolContainer } from '../../kube/tool-container-patch.js';
import { podSecurityDenial } from '../../kube/tool-container-pod-security.js';
import { patchFailure } from '../../kube/tool-container-refusal.js';
import { toolContainerAccess } from '../../kube/tool-container-rehearsal.js';
import { proberContainerName } from '../../model/prober.js';
import { portUse, refuseTaken } from '../live/port-use.js';
import { proberPorts } from '../sidecar.js';
import type { EphemeralOptions } from './container.js';

/** A prober that is to be added to a pod. */
export interface Addition {
  pod: Pod;
  container: Container | undefined;
}

export interface RefusalOptions {
  options: EphemeralOptions;
  dryRun: 'none' | 'server' | 'client';
  signal: AbortSignal;
  /** A line for the user. */
  say: (line: string) => void;
}

/**
 * Throws Failure `unsupported` as `assertEligible` does; other ways of running tools, which hints speak of there, are none for
 * a prober.
 */
export function requireEligible(pod: Pod): void {
  try {
    assertEligible(pod);
  } catch (thrown) {
    const { code, message, reason } = asFailure(thrown);
    throw new Failure(code, message, {
      reason,
      cause: thrown,
      hint: 'only Linux pods that run can be measured: name others',
    });
  }
}

/** Throws what the server, or a port that is taken, has against probers; `pods` are all that are executed in. */
export async function refuse(
  cluster: Cluster,
  pods: readonly Pod[],
  fresh: readonly Addition[],
  { options, dryRun, signal, say }: RefusalOptions,
): Promise<void> {
  const namespaces = new Set(pods.map(({ metadata }) => metadata.namespace ?? cluster.namespace));
  await requireAccess(cluster, [...namespaces].flatMap(toolContainerAccess), { signal });
  const { ping, metrics } = proberPorts(options);
  await Promise.all(
    fresh.map(async ({ pod, container }) => {
      if (container === undefined) return;
      if (dryRun !== 'client') {
        await patchToolContainer(cluster, pod, container, { signal, dryRun: true }).catch((thrown: unknown) => {
          throw refusal(thrown, pod);
        });
      }
      const declared = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]
        .flatMap(({ ports = [] }) => ports)
        .map(({ containerPort }) => containerPort);
      const taken = [ping, metrics].filter((port) => declared.includes(port));
      const use = taken.length > 0 ? { taken } : await portUse(cluster, pod, [ping, metrics], signal);
      if (use === 'unknown')
        say(`warning: whether pod ${podLabel(pod)} listens on port ${ping} or ${metrics} could not be seen`);
      refuseTaken(pod, use, `${proberContainerName}'s mesh`);
    }),
  );
}

/** In words about probers, where the machinery of tool containers has others. */
export function refusal(thrown: unknown, pod: Pod): Failure {
  const { code, message, status, reason } = asFailure(patchFailure(thrown, pod));
  const isDenied = podSecurityDenial(thrown) !== undefined;
  const hint = isDenied
    ? 'the pod itself violates the level of its namespace, so nothing can be added to it'
    : code === 'forbidden'
      ? 'adding a prober needs: patch of pods/ephemeralcontainers'
      : undefined;
  return new Failure(code, message, { status, reason, hint, cause: thrown });
}

// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { requireAccess } from './access-review.js';
import type { Cluster } from './cluster.js';
import type { Pod } from './objects.js';
import { oneShotCommand } from './one-shot-script.js';
import { oneShotSpec } from './one-shot-spec.js';
import { assertEligible } from './pod-eligibility.js';
import { abortFailure } from './guard.js';
import { mayPass, patchToolContainer } from './tool-container-patch.js';
import { refusalOf } from './tool-container.js';
import type { ToolContainerRequest } from './tool-container-spec.js';

/**
 * Before the first change: whether containers may be added in the namespaces of these pods and their logs be read, and what
 * the server would say to one in each pod. Throws Failure `forbidden` when a permission is missing; what single pods refuse
 * is in the result.
 */
export async function rehearseOneShots(
  cluster: Cluster,
  pods: readonly Pod[],
  tool: ToolContainerRequest,
  signal: AbortSignal,
): Promise<Map<Pod, Failure>> {
  const refusals = new Map<Pod, Failure>();
  const namespaces = [...new Set(pods.map(({ metadata }) => metadata.namespace ?? cluster.namespace))];
  const accesses = namespaces.flatMap((namespace) => [
    { verb: 'patch', resource: 'pods', subresource: 'ephemeralcontainers', namespace },
    { verb: 'get', resource: 'pods', subresource: 'log', namespace },
  ]);
  const dryRun = async (pod: Pod): Promise<void> => {
    try {
      assertEligible(pod);
      const container = oneShotSpec(pod, tool, oneShotCommand(['true'], 1, 'end'));
      await patchToolContainer(cluster, pod, container, { signal, dryRun: true });
    } catch (thrown) {
      if (mayPass(thrown)) return;
      const refusal = await refusalOf(thrown, cluster, pod, tool, { signal });
      if (!(refusal instanceof Failure)) throw refusal;
      refusals.set(pod, refusal);
    }
  };
  const [reviews, ...dryRuns] = await Promise.allSettled([
    requireAccess(cluster, accesses, { signal }),
    ...pods.map(dryRun),
  ]);
  for (const outcome of [reviews, ...dryRuns]) if (outcome.status === 'rejected') throw outcome.reason;
  // What was not answered in time is no refusal of a pod.
  if (signal.aborted) throw abortFailure(signal);
  return refusals;
}

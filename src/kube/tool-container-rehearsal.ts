// SPDX-License-Identifier: Apache-2.0
import { asFailure, type Failure } from '../errors/failure.js';
import type { Cluster } from './cluster.js';
import type { Pod } from './objects.js';
import { requireAccess } from './access-review.js';
import type { Access } from './access.js';
import { abortFailure } from './guard.js';
import { assertEligible } from './pod-eligibility.js';
import { mayPass } from './tool-container-patch.js';
import { dryRun, findToolContainer, refusalOf } from './tool-container.js';
import type { ToolContainerRequest } from './tool-container-spec.js';

interface Options {
  signal?: AbortSignal | undefined;
}

/**
 * What is needed in a namespace to add tool containers and execute in them. An exec over a WebSocket is a GET, so it is
 * `get` that the API server asks for; from 1.35 on it asks for `create` as well (KEP-4006).
 */
export function toolContainerAccess(namespace: string): Access[] {
  return [
    { verb: 'patch', resource: 'pods', subresource: 'ephemeralcontainers', namespace },
    { verb: 'get', resource: 'pods', subresource: 'exec', namespace },
  ];
}

/**
 * Lets the server say what it would do with a new tool container in a pod, admission included, without doing it. Does
 * nothing where the pod has one that serves. Throws what `prepareToolContainer` throws, but for what may pass.
 */
export async function dryRunToolContainer(
  cluster: Cluster,
  pod: Pod,
  request: ToolContainerRequest,
  options: Options = {},
): Promise<void> {
  assertEligible(pod);
  if (findToolContainer(pod, request) !== undefined) return;
  try {
    await dryRun(cluster, pod, request, options);
  } catch (thrown) {
    // Somebody else may have taken the name since the pod was read. Adding it looks again, and says what does not pass.
    if (!mayPass(thrown)) throw await refusalOf(thrown, cluster, pod, request, options);
  }
}

/**
 * Before the first change: access reviews for each namespace and a dry run in each pod that needs a new tool container, all
 * at once. Asks nothing where none is needed. Throws Failure `forbidden` when a permission is missing; what is wrong with
 * single pods is in the result, by pod.
 */
export async function rehearseToolContainers(
  cluster: Cluster,
  pods: readonly Pod[],
  request: ToolContainerRequest,
  options: Options = {},
): Promise<Map<Pod, Failure>> {
  const fresh = pods.filter((pod) => findToolContainer(pod, request) === undefined);
  const namespaces = new Set(fresh.map(({ metadata }) => metadata.namespace ?? cluster.namespace));
  const refusals = new Map<Pod, Failure>();
  const [reviews] = await Promise.allSettled([
    requireAccess(cluster, [...namespaces].flatMap(toolContainerAccess), options),
    ...fresh.map((pod) =>
      dryRunToolContainer(cluster, pod, request, options).catch((thrown: unknown) =>
        refusals.set(pod, asFailure(thrown)),
      ),
    ),
  ]);
  if (reviews.status === 'rejected') throw asFailure(reviews.reason);
  // What was not answered in time is no refusal of a pod.
  if (options.signal?.aborted === true) throw abortFailure(options.signal);
  return refusals;
}

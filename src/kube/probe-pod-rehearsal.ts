// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { requireAccess } from './access-review.js';
import type { Cluster } from './cluster.js';
import type { Pod, Service } from './objects.js';
import { podLabel } from './pod-eligibility.js';
import { assertCopyable, createProbePod, probePodManifest, probePodName, type ProbePodRequest } from './probe-pod.js';
import { podSecurityDenial } from './tool-container-pod-security.js';

/** What the server says to a probe pod, as a Failure. */
export function probePodRefusal(thrown: unknown, source: Pod): unknown {
  if (!(thrown instanceof Failure)) return thrown;
  const namespace = source.metadata.namespace ?? 'default';
  const denial = podSecurityDenial(thrown);
  if (denial !== undefined) {
    const message = `PodSecurity "${denial.level}" of namespace ${namespace} refuses a probe pod like ${podLabel(source)}: ${denial.controls}`;
    const hint = '-c NAME runs the tools in a container that the pod has; without --raw no capability is needed';
    return new Failure('unsupported', message, { reason: 'PodSecurityDenied', status: 403, cause: thrown, hint });
  }
  if (thrown.code !== 'forbidden') return thrown;
  const { message, status, reason } = thrown;
  const hint = `--probe-pod creates a pod in namespace ${namespace}, which a quota or a policy may refuse as well`;
  return new Failure('forbidden', message, { status, reason, cause: thrown, hint });
}

/**
 * Throws Failure `unsupported` where a Service would send traffic to a pod of these labels although it is never ready, and
 * `forbidden` where that cannot be known.
 */
async function refusePublished(cluster: Cluster, pods: readonly Pod[], signal: AbortSignal): Promise<void> {
  const namespaces = new Set(pods.map(({ metadata }) => metadata.namespace ?? cluster.namespace));
  for (const namespace of namespaces) {
    const own = pods.filter(({ metadata }) => (metadata.namespace ?? cluster.namespace) === namespace);
    for await (const page of cluster.list<Service>(`/api/v1/namespaces/${namespace}/services`, { signal })) {
      for (const { metadata, spec } of page) {
        const selector = Object.entries(spec.selector ?? {});
        if (spec.publishNotReadyAddresses !== true || selector.length === 0) continue;
        const pod = own.find(({ metadata: { labels } }) => selector.every(([key, value]) => labels?.[key] === value));
        if (pod === undefined) continue;
        throw new Failure(
          'unsupported',
          `service ${namespace}/${metadata.name} publishes pods that are not ready, so it would send traffic to a probe pod like ${podLabel(pod)}`,
          { hint: '-c NAME runs the tools in a container that the pod has' },
        );
      }
    }
  }
}

/**
 * Before the first probe pod: access reviews for each namespace, a dry run for each pod, and whether a Service would send
 * traffic to it. Throws Failure: `forbidden` when a permission is missing, `unsupported` when a Service would. What is wrong
 * with single pods is in the result.
 */
export async function rehearseProbePods(
  cluster: Cluster,
  pods: readonly Pod[],
  request: ProbePodRequest,
  signal: AbortSignal,
): Promise<Map<Pod, Failure>> {
  const refusals = new Map<Pod, Failure>();
  const namespaces = [...new Set(pods.map(({ metadata }) => metadata.namespace ?? cluster.namespace))];
  const accesses = namespaces.flatMap((namespace) => [
    ...['create', 'get', 'delete'].map((verb) => ({ verb, resource: 'pods', namespace })),
    { verb: 'get', resource: 'pods', subresource: 'exec', namespace },
    { verb: 'list', resource: 'services', namespace },
  ]);
  const dryRun = async (pod: Pod): Promise<void> => {
    try {
      assertCopyable(pod);
      await createProbePod(cluster, probePodManifest(pod, probePodName(), request), { signal, dryRun: true });
    } catch (thrown) {
      const refusal = probePodRefusal(thrown, pod);
      if (!(refusal instanceof Failure) || refusal.code === 'interrupted') throw refusal;
      refusals.set(pod, refusal);
    }
  };
  const outcomes = await Promise.allSettled([
    requireAccess(cluster, accesses, { signal }),
    refusePublished(cluster, pods, signal),
    ...pods.map(dryRun),
  ]);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return refusals;
}

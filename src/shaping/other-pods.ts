// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster, ListOptions } from '../kube/cluster.js';
import type { Pod } from '../kube/objects.js';
import { podLabel } from '../kube/pod-eligibility.js';
import { isProbePod } from '../kube/probe-pod-metadata.js';
import { isReady, podFacts } from '../targets/pod-facts.js';
import type { EffectCandidate, EffectTargetOptions } from './effect-candidate.js';
import { scopeSelects } from './scope-selects.js';

/** A few: one of them may answer no echo. */
const mostPods = 3;

/**
 * Ready pods that are not under this shape, for measuring against: of the same namespace and node at best, else of the
 * namespace, of the node, of the cluster, as far as they may be listed. The network of a pod on the same node is the
 * shortest, and so the steadiest.
 */
export async function otherPods(
  cluster: Cluster,
  options: EffectTargetOptions,
): Promise<EffectCandidate[] | { unmeasured: string }> {
  const { source, signal } = options;
  const own = `/api/v1/namespaces/${source.namespace}/pods`;
  const here = `spec.nodeName=${source.node},status.phase=Running`;
  const anywhere = 'status.phase=Running';
  let listed = false;
  for (const [path, fieldSelector] of [
    [own, here],
    [own, anywhere],
    ['/api/v1/pods', here],
    ['/api/v1/pods', anywhere],
  ] as const) {
    const pods = await firstPage(cluster, path, { fieldSelector, signal });
    listed ||= pods !== undefined;
    const found = (pods ?? []).filter((pod) => isUsable(pod, options)).sort(byLabel);
    const candidates = found.slice(0, mostPods).flatMap((pod) => candidatesOf(pod, options));
    if (candidates.length > 0) return candidates;
  }
  return {
    unmeasured: listed ? 'there is no other ready pod to measure against' : 'other pods may not be listed',
  };
}

/** Undefined where pods may not be listed. */
async function firstPage(cluster: Cluster, path: string, options: ListOptions): Promise<Pod[] | undefined> {
  try {
    for await (const page of cluster.list<Pod>(path, options)) return page;
    return [];
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === 'forbidden') return undefined;
    throw thrown;
  }
}

function isUsable(pod: Pod, { shaped, source }: EffectTargetOptions): boolean {
  const taken = [...shaped, source.pod].some((other) => podLabel(other) === podLabel(pod));
  // The network of a hostNetwork pod is a node's, which may be exempt.
  const going = pod.metadata.deletionTimestamp !== undefined;
  return isReady(pod) && !taken && !going && pod.spec.hostNetwork !== true && !isProbePod(pod);
}

function candidatesOf(pod: Pod, { source, scope, families = [4, 6] }: EffectTargetOptions): EffectCandidate[] {
  const { addresses, ports } = podFacts(pod, families);
  const port = ports.find(({ protocol }) => protocol === 'tcp')?.port;
  const first = source.primaryFamily;
  const shapes = scopeSelects(scope);
  for (const family of [first, first === 4 ? (6 as const) : (4 as const)]) {
    const address = addresses[family];
    if (address === undefined || source.addresses[family] === undefined || !shapes(address)) continue;
    return [{ label: podLabel(pod), family, address, ...(port === undefined ? {} : { port }) }];
  }
  return [];
}

function byLabel(one: Pod, other: Pod): number {
  return podLabel(one) < podLabel(other) ? -1 : 1;
}

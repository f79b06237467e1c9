// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../kube/cluster.js';
import type { Pod } from '../kube/objects.js';
import { podLabel } from '../kube/pod-eligibility.js';
import { Lookup } from './lookup.js';
import { podsOf } from './pods-of.js';
import type { SourceSpec } from './refs.js';
import { collectionPath } from './resource-types.js';
import { asSelectorFailure } from './workload-pods.js';

/** Which pods are looked at: those that words name, else those of a namespace, or of all (undefined), by label. */
export interface PodScope {
  targets: readonly SourceSpec[];
  namespace: string | undefined;
  selector: string | undefined;
}

const allPods = '/api/v1/pods';

/**
 * Shows every pod of a scope once. Pods are read by pages of 500, of which nothing is kept but what `visit` keeps. Throws
 * Failure `notFound` for names that match nothing, `usage` for a selector that cannot be read.
 */
export async function visitPods(
  cluster: Cluster,
  { targets, namespace, selector }: PodScope,
  signal: AbortSignal,
  visit: (pod: Pod) => void,
): Promise<void> {
  if (targets.length > 0) {
    const lookup = new Lookup(cluster, signal);
    const seen = new Set<string>();
    await Promise.all(
      targets.map(async (target) => {
        for await (const pod of podsOf(lookup, target)) {
          const label = podLabel(pod);
          if (!seen.has(label)) visit(pod);
          seen.add(label);
        }
      }),
    );
    return;
  }
  const path = namespace === undefined ? allPods : collectionPath('pod', namespace);
  try {
    for await (const page of cluster.list<Pod>(path, { labelSelector: selector, signal })) page.forEach(visit);
  } catch (thrown) {
    throw selector === undefined ? thrown : asSelectorFailure(thrown, selector);
  }
}

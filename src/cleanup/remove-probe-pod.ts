// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import type { Leftover } from '../kube/tool-container-inventory.js';
import { tellToEnd, type EndOptions } from './end-container.js';

/** Deletes a probe pod, unless somebody works in it. Throws Failure when it cannot be deleted. */
export async function removeProbePod(
  cluster: Cluster,
  leftover: Leftover,
  options: EndOptions & { dryRun: boolean },
): Promise<'removed' | 'busy' | 'gone'> {
  const { namespace, pod, container, state } = leftover;
  if (!options.dryRun && !options.force && container !== undefined && state === 'running') {
    const answer = await tellToEnd(cluster, leftover, container, options);
    if (answer === 'busy' || answer === 'gone') return answer;
  }
  try {
    const query = options.dryRun ? { dryRun: 'All' } : undefined;
    await cluster.delete(`/api/v1/namespaces/${namespace}/pods/${pod}`, { query, signal: options.signal });
    return 'removed';
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.status === 404) return 'gone';
    throw thrown;
  }
}

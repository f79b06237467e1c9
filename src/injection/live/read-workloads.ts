// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../../kube/cluster.js';
import type { KubeObject } from '../../kube/objects.js';
import { Lookup } from '../../targets/lookup.js';
import { nothingFound } from '../../targets/missing.js';
import { collectionPath, shortType } from '../../targets/resource-types.js';
import { asSelectorFailure } from '../../targets/workload-pods.js';
import { liveWorkload, type LiveWorkload } from './workload.js';
import type { WorkloadScope } from './workload-words.js';

/** The workloads of a scope, by name in the order of the words. Throws Failure `notFound` where one is not there, or none. */
export async function readWorkloads(
  cluster: Cluster,
  scope: WorkloadScope,
  signal: AbortSignal,
): Promise<LiveWorkload[]> {
  if (scope.by === 'name') {
    const lookup = new Lookup(cluster, signal);
    return Promise.all(
      scope.words.map(async ({ kind, name, namespace = cluster.namespace }) =>
        liveWorkload(kind, namespace, await lookup.object<KubeObject>({ kind, namespace, name })),
      ),
    );
  }
  const { namespace } = cluster;
  const found = await Promise.all(
    scope.kinds.map(async (kind) => {
      const workloads: LiveWorkload[] = [];
      const options = { labelSelector: scope.selector, signal };
      try {
        for await (const page of cluster.list(collectionPath(kind, namespace), options)) {
          workloads.push(...page.map((object) => liveWorkload(kind, namespace, object)));
        }
      } catch (thrown) {
        throw asSelectorFailure(thrown, scope.selector);
      }
      return workloads;
    }),
  );
  if (found.flat().length > 0) return found.flat();
  const types = scope.kinds.map(shortType).join(', ');
  throw await nothingFound(cluster, namespace, `no ${types} has the labels ${scope.selector}`, signal);
}

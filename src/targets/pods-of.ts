// SPDX-License-Identifier: Apache-2.0
import type { Pod, Service } from '../kube/objects.js';
import { isProbePod } from '../kube/probe-pod-metadata.js';
import { formatSelector } from './label-selectors.js';
import type { Lookup, PodQuery } from './lookup.js';
import { noPods } from './no-sources.js';
import type { SourceSpec } from './refs.js';
import { workloadQueries } from './workload-pods.js';

/**
 * All pods that a word means where something is looked for in them: as for tests, but also those that have ended, are not ready or are going, and
 * probe pods, which have the labels of the pods that they stand for. Throws Failure `notFound`, also where there is none.
 */
export async function* podsOf(lookup: Lookup, spec: SourceSpec): AsyncGenerator<Pod> {
  const namespace = (spec.kind === 'selector' ? undefined : spec.namespace) ?? lookup.cluster.namespace;
  if (spec.kind === 'pod') {
    yield await lookup.object<Pod>({ kind: 'pod', namespace, name: spec.name });
    return;
  }
  let isEmpty = true;
  for (const { ownerUid, ...query } of await queriesOf(lookup, namespace, spec)) {
    for await (const pod of lookup.pods([query])) {
      const owners = pod.metadata.ownerReferences ?? [];
      // A probe pod is owned by the pod that it stands for.
      if (ownerUid !== undefined && !isProbePod(pod) && !owners.some(({ uid }) => uid === ownerUid)) continue;
      isEmpty = false;
      yield pod;
    }
  }
  if (isEmpty && spec.kind !== 'service') throw await noPods({ lookup, namespace, fromNode: undefined }, spec);
}

async function queriesOf(lookup: Lookup, namespace: string, spec: SourceSpec): Promise<PodQuery[]> {
  switch (spec.kind) {
    case 'pod':
      return [];
    case 'selector':
      return [{ namespace, labelSelector: spec.selector }];
    case 'node':
      return [{ namespace, fieldSelector: `spec.nodeName=${spec.name}` }];
    case 'service': {
      const service = await lookup.object<Service>({ kind: 'service', namespace, name: spec.name });
      const labelSelector = formatSelector({ matchLabels: service.spec.selector ?? {} });
      return labelSelector === undefined ? [] : [{ namespace, labelSelector }];
    }
    default: {
      const found = await workloadQueries(lookup, { kind: spec.kind, namespace, name: spec.name });
      return found.map((query) => ({ ...query, fieldSelector: undefined }));
    }
  }
}

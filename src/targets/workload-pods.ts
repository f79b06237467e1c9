// SPDX-License-Identifier: Apache-2.0
import { asFailure, Failure } from '../errors/failure.js';
import type { KubeObject, LabelSelector, Workload } from '../kube/objects.js';
import { formatSelector } from './label-selectors.js';
import type { Lookup, PodQuery } from './lookup.js';
import { quote } from './quote.js';
import { collectionPath, shortType, type WorkloadKind } from './resource-types.js';

/** Leaves out pods that have ended for good: no packets leave from them and their addresses may be others' by now. */
export const unfinishedPods = 'status.phase!=Succeeded,status.phase!=Failed';

interface Job extends KubeObject {
  spec: { selector?: LabelSelector };
  status?: { conditions?: { type: string; status: string }[] };
}

/** A Failure `usage` for a selector that the API server could not read; any other failure as it is. */
export function asSelectorFailure(error: unknown, selector: string): Failure {
  const failure = asFailure(error);
  if (failure.status !== 400) return failure;
  return new Failure('usage', `the selector ${quote(selector)} is not valid: ${failure.message}`, {
    hint: "selectors are written as in kubectl: -l app=web,tier!=db or -l 'app in (web,api)'",
    cause: error,
  });
}

/**
 * The queries that find a workload's unfinished pods: by its selector, as `kubectl exec deploy/x` does; pods of Jobs must
 * be owned by the Job too. A CronJob stands for its Jobs that have not ended. Throws Failure `notFound`.
 */
export async function workloadQueries(
  lookup: Lookup,
  workload: { kind: WorkloadKind; namespace: string; name: string },
): Promise<PodQuery[]> {
  const { kind, namespace } = workload;
  if (kind === 'cronjob') {
    const cronJob = await lookup.object<KubeObject>(workload);
    return cronJobQueries(lookup, namespace, cronJob.metadata.uid);
  }
  const object = await lookup.object<Workload>(workload);
  return [query(object, `${shortType(kind)}/${workload.name}`, namespace, kind === 'job')];
}

async function cronJobQueries(lookup: Lookup, namespace: string, uid: string | undefined): Promise<PodQuery[]> {
  const queries: PodQuery[] = [];
  const path = collectionPath('job', namespace);
  for await (const page of lookup.cluster.list<Job>(path, { signal: lookup.signal })) {
    for (const job of page) {
      const owned = (job.metadata.ownerReferences ?? []).some((owner) => owner.uid === uid);
      if (owned && !hasEnded(job)) queries.push(query(job, `job/${job.metadata.name}`, namespace, true));
    }
  }
  return queries;
}

function hasEnded({ status }: Job): boolean {
  return (status?.conditions ?? []).some(
    ({ type, status: value }) => (type === 'Complete' || type === 'Failed') && value === 'True',
  );
}

function query(object: Workload, text: string, namespace: string, byOwner: boolean): PodQuery {
  const labelSelector = formatSelector(object.spec.selector);
  if (labelSelector === undefined) throw new Failure('notFound', `${text} has no selector, so no pods are behind it`);
  return {
    namespace,
    labelSelector,
    fieldSelector: unfinishedPods,
    ...(byOwner ? { ownerUid: object.metadata.uid } : {}),
  };
}

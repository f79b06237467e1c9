// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import { isForbidden, startWarning } from '../../kube/container-events.js';
import { neverStarts } from '../../kube/container-state.js';
import type { KubeObject, Pod, Workload } from '../../kube/objects.js';
import { podLabel } from '../../kube/pod-eligibility.js';
import { proberContainerName } from '../../model/prober.js';
import { formatSelector } from '../../targets/label-selectors.js';
import { collectionPath } from '../../targets/resource-types.js';
import { workloadLabel, type LiveWorkload } from './workload.js';

/** The pods that a workload's selector finds; none where it has none, and of a CronJob, whose pods are of no concern here. */
export async function podsOfWorkload(cluster: Cluster, workload: LiveWorkload, signal: AbortSignal): Promise<Pod[]> {
  if (workload.kind === 'pod') return [workload.object as unknown as Pod];
  const labelSelector = formatSelector((workload.object as unknown as Workload).spec.selector);
  if (labelSelector === undefined || workload.kind === 'cronjob') return [];
  const pods: Pod[] = [];
  const path = collectionPath('pod', workload.namespace);
  for await (const page of cluster.list<Pod>(path, { labelSelector, signal })) pods.push(...page);
  return pods;
}

/** The uids of the pods that a workload has: what is told from new ones by `refuseFailedPods`. */
export async function podUids(
  cluster: Cluster,
  workload: LiveWorkload,
  signal: AbortSignal,
): Promise<ReadonlySet<string | undefined>> {
  const pods = await podsOfWorkload(cluster, workload, signal);
  return new Set(pods.map(({ metadata }) => metadata.uid));
}

/** Throws Failure `tool`, in the kubelet's words, where a pod that was not there before will not start. */
export async function refuseFailedPods(
  cluster: Cluster,
  workload: LiveWorkload,
  before: ReadonlySet<string | undefined>,
  signal: AbortSignal,
): Promise<void> {
  const pods = (await podsOfWorkload(cluster, workload, signal)).filter(
    ({ metadata }) => !before.has(metadata.uid) && metadata.deletionTimestamp === undefined,
  );
  for (const pod of pods) {
    const words = failureOf(pod) ?? (proberRuns(pod) ? undefined : await warningOf(cluster, pod, signal));
    if (words === undefined) continue;
    throw new Failure(
      'tool',
      `the new pod ${podLabel(pod)} of ${workload.kind}/${workload.name} does not start: ${words}`,
      {
        reason: 'RolloutFailed',
      },
    );
  }
}

/** Why a pod does not start, in the kubelet's words; undefined where nothing says so. */
export function failureOf({ status }: Pod): string | undefined {
  const { containerStatuses = [], initContainerStatuses = [] } = status ?? {};
  for (const { name, state } of [...initContainerStatuses, ...containerStatuses]) {
    const { reason, message } = state?.waiting ?? {};
    // What crashes beside the prober may have done so before; the prober has no reason to.
    const crashes = name === proberContainerName && reason === 'CrashLoopBackOff';
    if (reason !== undefined && (crashes || neverStarts(reason, message))) {
      return `container ${name}: ${[reason, message].filter((text) => text !== undefined).join(': ')}`;
    }
  }
  return undefined;
}

/** Or there is none: then nobody warns of it either. */
function proberRuns({ spec, status }: Pod): boolean {
  const { containerStatuses = [], initContainerStatuses = [] } = status ?? {};
  const isThere = [...spec.containers, ...(spec.initContainers ?? [])].some(({ name }) => name === proberContainerName);
  return (
    !isThere ||
    [...initContainerStatuses, ...containerStatuses].some(
      ({ name, state }) => name === proberContainerName && state?.running !== undefined,
    )
  );
}

async function warningOf(cluster: Cluster, pod: Pod, signal: AbortSignal): Promise<string | undefined> {
  const { namespace = 'default', name, uid } = pod.metadata;
  const prober = { namespace, pod: name, podUid: uid, name: proberContainerName };
  try {
    const warning = await startWarning(cluster, prober, signal);
    return warning && `container ${proberContainerName}: ${warning.reason}: ${warning.message}`;
  } catch (thrown) {
    if (isForbidden(thrown)) return undefined;
    throw thrown;
  }
}

interface Event extends KubeObject {
  message?: string;
}

/**
 * Throws Failure `tool` where pods are not even created. StatefulSets and DaemonSets have no condition for it, only events;
 * those from before the change have a lower version.
 */
export async function refuseUncreated(
  cluster: Cluster,
  workload: LiveWorkload,
  since: number,
  signal: AbortSignal,
): Promise<void> {
  if (workload.kind !== 'statefulset' && workload.kind !== 'daemonset') return;
  const fieldSelector = `involvedObject.uid=${workload.object.metadata.uid ?? ''},reason=FailedCreate`;
  try {
    for await (const page of cluster.list<Event>(`/api/v1/namespaces/${workload.namespace}/events`, {
      fieldSelector,
      signal,
    })) {
      const event = page.find(({ metadata }) => Number(metadata.resourceVersion) > since);
      if (event === undefined) continue;
      const words = `the pods of ${workloadLabel(workload)} are not created: ${event.message ?? 'no reason is given'}`;
      throw new Failure('tool', words, { reason: 'RolloutFailed' });
    }
  } catch (thrown) {
    if (!isForbidden(thrown)) throw thrown;
  }
}

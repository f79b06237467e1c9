// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../../kube/cluster.js';
import type { KubeObject, Pod } from '../../kube/objects.js';
import { podLabel } from '../../kube/pod-eligibility.js';
import { getIfThere } from '../../installation/apply-object.js';
import { podUids } from '../live/new-pods.js';
import { waitRollout, type RolloutWait, type WaitOptions } from '../live/wait-rollout.js';
import { liveWorkload, workloadPath, type InjectableKind } from '../live/workload.js';

/** What `kubectl rollout restart` writes. */
const restartedAt = 'kubectl.kubernetes.io/restartedAt';
const kinds: Readonly<Record<string, InjectableKind>> = {
  Deployment: 'deployment',
  StatefulSet: 'statefulset',
  DaemonSet: 'daemonset',
};

export interface RestartOptions extends WaitOptions {
  /** Whether new pods are waited for. */
  wait: boolean;
}

interface Owner {
  kind: InjectableKind;
  namespace: string;
  name: string;
}

const controllerOf = ({ metadata }: KubeObject) =>
  metadata.ownerReferences?.find(({ controller }) => controller === true);

/** The workload that makes a pod anew; undefined for bare pods, and those of Jobs and of kinds that we do not know. */
async function ownerOf(cluster: Cluster, pod: Pod, signal: AbortSignal): Promise<Owner | undefined> {
  const namespace = pod.metadata.namespace ?? '';
  let owner = controllerOf(pod);
  if (owner?.kind === 'ReplicaSet') {
    const path = `/apis/apps/v1/namespaces/${namespace}/replicasets/${owner.name}`;
    const set = await getIfThere<KubeObject>(cluster, path, signal);
    owner = set && controllerOf(set);
  }
  if (owner === undefined) return undefined;
  const kind = kinds[owner.kind];
  return kind && { kind, namespace, name: owner.name };
}

/**
 * Restarts the workloads of pods as `kubectl rollout restart` does, says which, and waits for their new pods; pods of nothing
 * that can be restarted are named as they are. Throws Failure as `waitRollout` does.
 */
export async function restartOwners(cluster: Cluster, pods: readonly Pod[], options: RestartOptions): Promise<void> {
  const { signal, say, wait } = options;
  const owners = new Map<string, Owner>();
  const alone: string[] = [];
  for (const pod of pods) {
    const owner = await ownerOf(cluster, pod, signal);
    if (owner === undefined) alone.push(podLabel(pod));
    else owners.set(JSON.stringify(owner), owner);
  }
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const waits: RolloutWait[] = [];
  for (const owner of owners.values()) {
    const { kind, namespace, name } = owner;
    const path = workloadPath(owner);
    const live = liveWorkload(kind, namespace, await cluster.get<KubeObject>(path, { signal }));
    const before = await podUids(cluster, live, signal);
    const body = { spec: { template: { metadata: { annotations: { [restartedAt]: now } } } } };
    const restarted = await cluster.patch<KubeObject>(path, 'strategic', body, { signal });
    say(`${kind}.apps/${name} restarted in namespace ${namespace}`);
    waits.push({ workload: liveWorkload(kind, namespace, restarted), before });
  }
  if (alone.length > 0) say(`not restarted, because nothing that we know makes them anew: ${alone.join(', ')}`);
  if (wait) await Promise.all(waits.map((each) => waitRollout(cluster, each, options)));
}

// SPDX-License-Identifier: Apache-2.0
import type { InstalledObject } from '../../installation/installed-object.js';
import { checkNetworkLabel } from '../../model/check.js';
import { agentPodSpec } from '../agent-pod.js';
import { annotationsOf, labelsOf } from './once-marks.js';
import type { OncePlan, PlannedAgent } from './once-plan.js';

/** The webhook of `inject` leaves pods alone that carry it. */
const agentPodLabel = 'netmachinery.io/agent';
/** What the kubelet gives a pod beyond the check's own time: removing it may take that long. */
const spareSeconds = 120;

/**
 * What the DaemonSet controller adds to its pods (pkg/controller/daemon/util, AddOrUpdateDaemonPodTolerations): an agent is
 * wanted just where something is wrong with a node.
 */
const daemonTolerations: readonly object[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/network-unavailable', operator: 'Exists', effect: 'NoSchedule' },
];

/** The pod of an agent, bound to its node as a DaemonSet's is: the scheduler still sees whether it fits. */
export function oncePodObject(plan: OncePlan, { node, network, namespace, pod }: PlannedAgent): InstalledObject {
  const { selection, image, agentsUntil } = plan;
  const { nodeSelector, tolerations } = selection;
  const onThisNode = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node.name] }] };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: pod,
      namespace,
      labels: { ...labelsOf(plan.id), [checkNetworkLabel]: network, [agentPodLabel]: 'check' },
      annotations: annotationsOf(plan),
    },
    spec: {
      ...agentPodSpec({
        network,
        image,
        imagePullSecrets: plan.pullSecrets.map(({ name }) => name),
        nodeSelector,
        tolerations: tolerations.length > 0 ? [...tolerations, ...daemonTolerations] : [],
        until: agentsUntil,
      }),
      restartPolicy: 'Never',
      activeDeadlineSeconds: Math.ceil(plan.timeoutMs / 1000) + spareSeconds,
      affinity: {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [onThisNode] } },
      },
    },
  };
}

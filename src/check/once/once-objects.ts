// SPDX-License-Identifier: Apache-2.0
import type { InstalledObject } from '../../installation/installed-object.js';
import {
  agentPorts,
  checkAgentName,
  checkCallerAnnotation,
  checkLabel,
  checkNetworkLabel,
  type AgentNetwork,
} from '../../model/check.js';
import { agentPodSpec } from '../agent-pod.js';
import { onceNamespace, plannedAgents, type OncePlan, type PlannedAgent } from './once-plan.js';

/** On the namespaces of a one-shot check, RFC 3339: until then it may still be at work. */
export const checkUntilAnnotation = 'netmachinery.io/check-until';
/** The name of the one port of the Service of the pod-network agents. */
export const oncePortName = 'check';
/** The webhook of `inject` leaves pods alone that carry it. */
const agentPodLabel = 'netmachinery.io/agent';
/** What the kubelet gives a pod beyond the check's own time: removing it may take that long. */
const spareSeconds = 120;

const podSecurityLevels: Readonly<Record<AgentNetwork, string>> = { pod: 'restricted', host: 'privileged' };

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

function labelsOf(id: string): Record<string, string> {
  return {
    'app.kubernetes.io/managed-by': 'netmachinery',
    'app.kubernetes.io/part-of': 'netmachinery',
    [checkLabel]: id,
  };
}

function annotationsOf({ caller }: OncePlan): Record<string, string> {
  return caller === undefined ? {} : { [checkCallerAnnotation]: caller };
}

/** The namespace of the agents of a network; with `host` nothing less than privileged lets its agents in. */
export function onceNamespaceObject(plan: OncePlan, network: AgentNetwork): InstalledObject {
  const level = podSecurityLevels[network];
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: onceNamespace(plan.id, network),
      labels: {
        ...labelsOf(plan.id),
        'pod-security.kubernetes.io/enforce': level,
        'pod-security.kubernetes.io/audit': level,
        'pod-security.kubernetes.io/warn': level,
      },
      annotations: { ...annotationsOf(plan), [checkUntilAnnotation]: plan.validUntil },
    },
  };
}

/** The Service of the pod-network agents: what is reached by name, virtual address and endpoint. */
function onceServiceObject(plan: OncePlan): InstalledObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: checkAgentName,
      namespace: onceNamespace(plan.id, 'pod'),
      labels: labelsOf(plan.id),
      annotations: annotationsOf(plan),
    },
    spec: {
      ipFamilyPolicy: 'PreferDualStack',
      selector: { [checkLabel]: plan.id, [checkNetworkLabel]: 'pod' },
      ports: [{ name: oncePortName, port: agentPorts.once, targetPort: agentPorts.once, protocol: 'TCP' }],
    },
  };
}

function secretObjects(plan: OncePlan, network: AgentNetwork): InstalledObject[] {
  return plan.pullSecrets.map(({ name, type, data }) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      namespace: onceNamespace(plan.id, network),
      labels: labelsOf(plan.id),
      annotations: annotationsOf(plan),
    },
    ...(type === undefined ? {} : { type }),
    data,
  }));
}

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

/** What is made in the namespaces of a check before its pods. */
export function onceAidObjects(plan: OncePlan): InstalledObject[] {
  return [
    ...(plan.networks.includes('pod') ? [onceServiceObject(plan)] : []),
    ...plan.networks.flatMap((network) => secretObjects(plan, network)),
  ];
}

/** Everything that a check makes, in the order of making. */
export function onceObjects(plan: OncePlan): InstalledObject[] {
  return [
    ...plan.networks.map((network) => onceNamespaceObject(plan, network)),
    ...onceAidObjects(plan),
    ...plannedAgents(plan).map((agent) => oncePodObject(plan, agent)),
  ];
}

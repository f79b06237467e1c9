// SPDX-License-Identifier: Apache-2.0
import type { InstalledObject } from '../../installation/installed-object.js';
import { agentPorts, checkAgentName, checkLabel, checkNetworkLabel, type AgentNetwork } from '../../model/check.js';
import { annotationsOf, labelsOf } from './once-marks.js';
import { onceNamespace, plannedAgents, type OncePlan } from './once-plan.js';
import { oncePodObject } from './once-pod.js';

/** On the namespaces of a one-shot check, RFC 3339: until then it may still be at work. */
export const checkUntilAnnotation = 'netmachinery.io/check-until';
/** The name of the one port of the Service of the pod-network agents. */
export const oncePortName = 'check';
const podSecurityLevels: Readonly<Record<AgentNetwork, string>> = { pod: 'restricted', host: 'privileged' };

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

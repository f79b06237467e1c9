// SPDX-License-Identifier: Apache-2.0
import type { InstalledObject } from '../../installation/installed-object.js';
import { checkAgentName, checkNetworkLabel, type AgentNetwork } from '../../model/check.js';
import { agentPodSpec } from '../agent-pod.js';
import { labelsOf, selectorLabels, type InstallOptions } from './install-options.js';
import { namespaceOf } from './namespaces.js';

/** Who agents are to the server: their tokens name this account and their pod. It may do nothing at all. */
export function agentAccount(network: AgentNetwork): InstalledObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: checkAgentName, namespace: namespaceOf(network), labels: labelsOf(checkAgentName) },
    automountServiceAccountToken: false,
  };
}

/** The agents of a network, one a node. */
export function agentDaemonSet(network: AgentNetwork, options: InstallOptions): InstalledObject {
  const { image, imagePullSecrets, selection } = options;
  const { nodeSelector, tolerations } = selection;
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: checkAgentName, namespace: namespaceOf(network), labels: labelsOf(checkAgentName) },
    spec: {
      // Each node is without its agent for a moment, and a tenth of the nodes at once: the others see whether it goes well.
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } },
      selector: { matchLabels: selectorLabels(checkAgentName) },
      template: {
        metadata: { labels: { ...labelsOf(checkAgentName), [checkNetworkLabel]: network } },
        spec: agentPodSpec({ network, image, imagePullSecrets, nodeSelector, tolerations }),
      },
    },
  };
}

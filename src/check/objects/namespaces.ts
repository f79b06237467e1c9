// SPDX-License-Identifier: Apache-2.0
import type { InstalledObject } from '../../installation/installed-object.js';
import { checkHostNamespace, checkNamespace, type AgentNetwork } from '../../model/check.js';
import { installedLabels } from './install-options.js';

const names: Readonly<Record<AgentNetwork, string>> = { pod: checkNamespace, host: checkHostNamespace };

/** PodSecurity has no level that allows the node's network and forbids anything else of `privileged`. */
const levels: Readonly<Record<AgentNetwork, string>> = { pod: 'restricted', host: 'privileged' };

/** Where installed agents of a network run. */
export function namespaceOf(network: AgentNetwork): string {
  return names[network];
}

/** That namespace, in which nothing with more rights than its agents have can be started. */
export function namespaceObject(network: AgentNetwork): InstalledObject {
  const modes = ['enforce', 'audit', 'warn'];
  const levelLabels = modes.map((mode) => [`pod-security.kubernetes.io/${mode}`, levels[network]]);
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: namespaceOf(network),
      labels: { ...installedLabels, ...(Object.fromEntries(levelLabels) as Record<string, string>) },
    },
  };
}

// SPDX-License-Identifier: Apache-2.0
import { agentNamespace } from '../../model/prober.js';
import { ourLabels } from './agent-options.js';
import type { InstalledObject } from '../../installation/installed-object.js';

/** Where the agents run; nothing with more rights than they have can be started in it. */
export function namespaceObject(): InstalledObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: agentNamespace,
      labels: {
        ...ourLabels,
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/audit': 'restricted',
        'pod-security.kubernetes.io/warn': 'restricted',
      },
    },
  };
}

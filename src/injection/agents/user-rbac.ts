// SPDX-License-Identifier: Apache-2.0
import { agentNamespace, controllerName, webhookName } from '../../model/prober.js';
import { ourLabels } from './agent-options.js';
import type { InstalledObject } from '../../installation/installed-object.js';

const rbac = 'rbac.authorization.k8s.io';
const apiVersion = `${rbac}/v1`;
const read = ['get', 'list', 'watch'];

/** NetworkProbers for those who may edit or view a namespace: they can have nothing run but images of the allow-list. */
export function userAccess(): InstalledObject[] {
  const role = (name: string, level: string, verbs: string[]): InstalledObject => ({
    apiVersion,
    kind: 'ClusterRole',
    metadata: {
      name: `netmachinery-networkprobers-${name}`,
      labels: { ...ourLabels, [`rbac.authorization.k8s.io/aggregate-to-${level}`]: 'true' },
    },
    rules: [{ apiGroups: ['probes.bigmikes.io'], resources: ['networkprobers'], verbs }],
  });
  return [
    role('view', 'view', read),
    role('edit', 'edit', [...read, 'create', 'update', 'patch', 'delete', 'deletecollection']),
  ];
}

/** Everybody who is known may see that the agents are there, and of which image: `inject` asks for it. */
export function everybodysAccess(): InstalledObject[] {
  const metadata = { name: 'netmachinery-agents-view', namespace: agentNamespace, labels: { ...ourLabels } };
  return [
    {
      apiVersion,
      kind: 'Role',
      metadata,
      rules: [
        {
          apiGroups: ['apps'],
          resources: ['deployments'],
          resourceNames: [controllerName, webhookName],
          verbs: ['get'],
        },
      ],
    },
    {
      apiVersion,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: rbac, kind: 'Role', name: 'netmachinery-agents-view' },
      subjects: [{ apiGroup: rbac, kind: 'Group', name: 'system:authenticated' }],
    },
  ];
}

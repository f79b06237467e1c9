// SPDX-License-Identifier: Apache-2.0
import type { InstalledObject } from '../../installation/installed-object.js';
import {
  checkAuthorityName,
  checkHostNamespace,
  checkNamespace,
  checkServerName,
  checkSettingsName,
  type AgentNetwork,
} from '../../model/check.js';
import { labelsOf } from './install-options.js';
import { clusterWide, inNamespace, type Rule } from './rbac.js';

/** What an informer does. */
const follow = ['list', 'watch'];

const agentPods: Rule = { apiGroups: [''], resources: ['pods'], verbs: follow };

/** What agents are to reach: Services and the endpoints behind them. */
const services: Rule[] = [
  { apiGroups: [''], resources: ['services'], verbs: follow },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: follow },
];

/** Where the Service of the API server and that of the cluster's DNS are. */
const watchedNamespaces = ['default', 'kube-system'];

/** RBAC cannot allow `create` by name: the name is not part of the request. */
function kept(apiGroup: string, resource: string, name: string): Rule[] {
  return [
    { apiGroups: [apiGroup], resources: [resource], verbs: ['create'] },
    { apiGroups: [apiGroup], resources: [resource], resourceNames: [name], verbs: ['get', 'patch'] },
  ];
}

const authority = kept('', 'configmaps', checkAuthorityName);

/** What the server may do: who reports, what the nodes are, and keep what agents told. It can start and enter nothing. */
export function serverAccess(networks: readonly AgentNetwork[]): InstalledObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: checkServerName, namespace: checkNamespace, labels: labelsOf(checkServerName) },
      // Its pods ask for the token themselves.
      automountServiceAccountToken: false,
    },
    ...clusterWide(checkServerName, [
      { apiGroups: [''], resources: ['nodes'], verbs: follow },
      { apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
      { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
    ]),
    ...inNamespace(checkNamespace, checkServerName, [
      agentPods,
      ...services,
      {
        apiGroups: ['netmachinery.io'],
        resources: ['checkagents'],
        // `get` is what readers of the API need: a standby asks the leader with the token of the server.
        verbs: ['get', 'list', 'create', 'patch', 'delete'],
      },
      ...kept('coordination.k8s.io', 'leases', checkServerName),
      ...kept('', 'secrets', checkServerName),
      // A list or watch by name is one with the field selector `metadata.name`.
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], resourceNames: [checkServerName], verbs: follow },
      { apiGroups: [''], resources: ['secrets'], resourceNames: [checkServerName], verbs: follow },
      { apiGroups: [''], resources: ['configmaps'], resourceNames: [checkSettingsName], verbs: follow },
      ...authority,
    ]),
    ...(networks.includes('host') ? inNamespace(checkHostNamespace, checkServerName, [agentPods, ...authority]) : []),
    ...watchedNamespaces.flatMap((namespace) => inNamespace(namespace, checkServerName, services)),
  ];
}

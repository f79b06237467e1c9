// SPDX-License-Identifier: Apache-2.0
import { agentNamespace, controllerName, peerListRole, webhookName } from '../../model/prober.js';
import { agentLabels, ourLabels, type Agent } from './agent-options.js';
import type { InstalledObject } from '../../installation/installed-object.js';

const rbac = 'rbac.authorization.k8s.io';
const apiVersion = `${rbac}/v1`;
const proberGroup = 'probes.bigmikes.io';
/** What an informer does. */
const follow = ['list', 'watch'];

interface Rule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

function subjects(agent: Agent) {
  return [{ kind: 'ServiceAccount', name: agent, namespace: agentNamespace }];
}

function serviceAccount(agent: Agent): InstalledObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: agent, namespace: agentNamespace, labels: agentLabels(agent) },
  };
}

function clusterWide(agent: Agent, rules: Rule[]): InstalledObject[] {
  const metadata = { name: agent, labels: agentLabels(agent) };
  return [
    { apiVersion, kind: 'ClusterRole', metadata, rules },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: agent },
      subjects: subjects(agent),
    },
  ];
}

function inOurNamespace(agent: Agent, rules: Rule[]): InstalledObject[] {
  const metadata = { name: agent, namespace: agentNamespace, labels: agentLabels(agent) };
  return [
    { apiVersion, kind: 'Role', metadata, rules },
    {
      apiVersion,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: rbac, kind: 'Role', name: agent },
      subjects: subjects(agent),
    },
  ];
}

/** What both read to know which pods a NetworkProber selects. */
const selection: Rule[] = [
  { apiGroups: [''], resources: ['namespaces'], verbs: follow },
  { apiGroups: [proberGroup], resources: ['networkprobers'], verbs: follow },
];

/**
 * What the controller may do. RBAC cannot allow `create` by name (the name is not part of the request), so what it creates in
 * our own namespace is open there; everything else is by name.
 */
export function controllerAccess(): InstalledObject[] {
  return [
    serviceAccount(controllerName),
    ...clusterWide(controllerName, [
      { apiGroups: [''], resources: ['pods'], verbs: follow },
      ...selection,
      { apiGroups: [proberGroup], resources: ['networkprobers/status'], verbs: ['patch'] },
      {
        apiGroups: ['admissionregistration.k8s.io'],
        resources: ['mutatingwebhookconfigurations'],
        resourceNames: [webhookName],
        verbs: ['get', 'patch'],
      },
    ]),
    // Bound in the namespaces of meshes, and nowhere else.
    {
      apiVersion,
      kind: 'ClusterRole',
      metadata: { name: peerListRole, labels: agentLabels(controllerName) },
      rules: [
        {
          apiGroups: [''],
          resources: ['configmaps'],
          // Server-side apply of what is not there yet is both a patch and a create.
          verbs: ['get', 'list', 'create', 'patch', 'delete'],
        },
      ],
    },
    ...inOurNamespace(controllerName, [
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
      {
        apiGroups: ['coordination.k8s.io'],
        resources: ['leases'],
        resourceNames: [controllerName],
        verbs: ['get', 'patch'],
      },
      { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
      { apiGroups: [''], resources: ['secrets'], resourceNames: [webhookName], verbs: ['get', 'patch'] },
    ]),
  ];
}

/** What the webhook may do: a list or watch by name is one with the field selector `metadata.name`. */
export function webhookAccess(): InstalledObject[] {
  return [
    serviceAccount(webhookName),
    ...clusterWide(webhookName, selection),
    ...inOurNamespace(webhookName, [
      { apiGroups: [''], resources: ['secrets'], resourceNames: [webhookName], verbs: follow },
    ]),
  ];
}

/** What lets the controller keep the peer lists of a namespace. */
export function peerListBinding(namespace: string): InstalledObject {
  return {
    apiVersion,
    kind: 'RoleBinding',
    metadata: { name: peerListRole, namespace, labels: { ...ourLabels } },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: peerListRole },
    subjects: subjects(controllerName),
  };
}

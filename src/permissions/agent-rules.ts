// SPDX-License-Identifier: Apache-2.0
import { controllerName, peerListRole, webhookName } from '../model/prober.js';
import { pods, type ConditionalRule } from './conditional-rule.js';

const rbac = 'rbac.authorization.k8s.io';
const probers = {
  apiGroups: ['probes.bigmikes.io'],
  resources: ['networkprobers'],
  scope: 'namespace' as const,
};

/** Nobody may bind a role whose rights he lacks himself without this. */
export const bindPeerListRole: ConditionalRule = {
  apiGroups: [rbac],
  resources: ['clusterroles'],
  resourceNames: [peerListRole],
  verbs: ['bind'],
  scope: 'namespace',
  why: 'binding what it may do with ConfigMaps here',
};

/** What `inject enable` and `inject disable` need where the agents are installed. */
export const enableRules: readonly ConditionalRule[] = [
  { ...probers, verbs: ['get', 'create', 'patch', 'delete'], why: 'the NetworkProber' },
  { ...pods, verbs: ['list'], why: 'running pods that have no prober' },
  { ...pods, verbs: ['create'], why: 'a dry run that shows that new pods get the prober' },
  {
    ...pods,
    apiGroups: ['apps'],
    resources: ['replicasets'],
    verbs: ['get'],
    why: 'the workloads that --restart restarts',
  },
  {
    ...pods,
    apiGroups: ['apps'],
    resources: ['deployments', 'statefulsets', 'daemonsets'],
    verbs: ['get', 'patch'],
    why: 'restarting them and waiting for their new pods',
  },
  { ...pods, resources: ['configmaps'], verbs: ['get'], why: 'seeing that nobody is probed any more' },
  {
    apiGroups: [rbac],
    resources: ['rolebindings'],
    verbs: ['get', 'create'],
    scope: 'namespace',
    why: 'letting the controller keep the peer list',
  },
  bindPeerListRole,
  {
    apiGroups: [''],
    resources: ['namespaces'],
    verbs: ['list'],
    scope: 'cluster',
    why: 'other namespaces that let in this one',
    hint: true,
  },
];

function atCluster(apiGroup: string, resources: string[], verbs: string[], why: string): ConditionalRule {
  return { apiGroups: [apiGroup], resources, verbs, scope: 'cluster', why };
}

/** What installing the agents for everybody, and `inject uninstall`, need: much, and only once. */
export const installRules: readonly ConditionalRule[] = [
  atCluster('', ['namespaces', 'serviceaccounts', 'services'], ['create', 'patch', 'delete'], 'what the agents run in'),
  atCluster('apps', ['deployments'], ['get', 'create', 'patch', 'delete'], 'the agents'),
  atCluster('policy', ['poddisruptionbudgets'], ['create', 'patch', 'delete'], 'keeping one through drains'),
  atCluster('networking.k8s.io', ['networkpolicies'], ['create', 'patch', 'delete'], 'who reaches the agents'),
  atCluster('apiextensions.k8s.io', ['customresourcedefinitions'], ['create', 'patch', 'delete'], 'NetworkProber'),
  atCluster(
    'admissionregistration.k8s.io',
    ['mutatingwebhookconfigurations'],
    ['create', 'patch', 'delete'],
    'having the webhook asked',
  ),
  atCluster(
    rbac,
    ['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings'],
    ['get', 'list', 'create', 'patch', 'delete'],
    'what the agents may do',
  ),
  {
    ...atCluster(rbac, ['clusterroles', 'roles'], ['bind', 'escalate'], 'giving them what one does not have oneself'),
    resourceNames: [
      controllerName,
      webhookName,
      peerListRole,
      'netmachinery-networkprobers-edit',
      'netmachinery-networkprobers-view',
      'netmachinery-agents-view',
    ],
  },
  atCluster('', ['pods'], ['list'], 'seeing whether they start'),
  atCluster('', ['configmaps'], ['list', 'delete'], 'peer lists, when the agents are removed'),
  atCluster('probes.bigmikes.io', ['networkprobers'], ['list'], 'whether any is left then'),
  { ...atCluster('', ['events'], ['list'], "the kubelet's own words when they do not start"), hint: true },
  {
    ...atCluster('discovery.k8s.io', ['endpointslices'], ['get'], 'the port of the API server, for NetworkPolicies'),
    hint: true,
  },
];

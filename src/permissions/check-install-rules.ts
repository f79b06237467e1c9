// SPDX-License-Identifier: Apache-2.0
import { checkServerName, checkSettingsName } from '../model/check.js';
import { execRule, pods, type ConditionalRule } from './conditional-rule.js';

const rbac = 'rbac.authorization.k8s.io';

function atCluster(apiGroup: string, resources: string[], verbs: string[], why: string): ConditionalRule {
  return { apiGroups: [apiGroup], resources, verbs, scope: 'cluster', why };
}

/** The kinds of objects of an installed check, and what each is for. */
const objects: readonly [apiGroup: string, resources: string[], why: string][] = [
  ['', ['namespaces', 'serviceaccounts', 'services', 'configmaps'], 'what the server and the agents run in'],
  ['apps', ['deployments', 'daemonsets'], 'the server and the agents'],
  ['policy', ['poddisruptionbudgets'], 'keeping one server through drains'],
  ['networking.k8s.io', ['networkpolicies'], 'who reaches them'],
  ['apiextensions.k8s.io', ['customresourcedefinitions'], 'CheckAgent'],
  [rbac, ['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings'], 'what the server may do'],
];

const eventsHint: ConditionalRule = {
  ...atCluster('', ['events'], ['list'], "the kubelet's own words when they do not start"),
  hint: true,
};

/** What `check install` needs: much, and only once. */
export const checkInstallRules: readonly ConditionalRule[] = [
  ...objects.map(([group, resources, why]) => atCluster(group, resources, ['get', 'create', 'patch', 'delete'], why)),
  {
    ...atCluster(rbac, ['clusterroles', 'roles'], ['bind', 'escalate'], 'giving it what one does not have oneself'),
    resourceNames: [checkServerName, 'netmachinery-check-legacy'],
  },
  atCluster('', ['nodes'], ['list'], 'which nodes are to have agents'),
  atCluster('', ['pods'], ['list'], 'seeing whether they start'),
  eventsHint,
  {
    ...atCluster('discovery.k8s.io', ['endpointslices'], ['get'], 'the port of the API server, for NetworkPolicies'),
    hint: true,
  },
];

/** What `check status` needs in each of the namespaces of an installed check. */
export const checkStatusRules: readonly ConditionalRule[] = [
  {
    ...pods,
    apiGroups: ['apps'],
    resources: ['deployments'],
    resourceNames: [checkServerName],
    verbs: ['get'],
    why: 'seeing that a check is installed',
  },
  { ...pods, verbs: ['list'], why: 'finding the server, and agents that are silent' },
  execRule('asking the server'),
  { ...pods, resources: ['events'], verbs: ['list'], why: "the kubelet's own words where no server runs", hint: true },
  {
    ...pods,
    resources: ['configmaps'],
    resourceNames: [checkSettingsName],
    verbs: ['get'],
    why: 'asking the agents themselves where no server answers',
    hint: true,
  },
  { ...atCluster('', ['nodes'], ['list'], 'the same: which nodes are to have agents'), hint: true },
];

/** What `check uninstall` needs. */
export const checkUninstallRules: readonly ConditionalRule[] = objects.map(([group, resources, why]) =>
  atCluster(group, resources, ['get', 'delete'], why),
);

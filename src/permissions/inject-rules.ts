// SPDX-License-Identifier: Apache-2.0
import { execRule, pods, type ConditionalRule } from './conditional-rule.js';
import { bindPeerListRole } from './agent-rules.js';
import type { Needs } from './needs.js';
import type { PermissionRule } from './permission-rule.js';

const isEphemeral = ({ ephemeral }: Needs) => ephemeral;
const isRollOut = ({ ephemeral }: Needs) => !ephemeral;

function workloads(verbs: readonly string[], why: string): (PermissionRule & Pick<ConditionalRule, 'when'>)[] {
  const inNamespace = { verbs, why, scope: 'namespace' as const, when: isRollOut };
  return [
    { ...inNamespace, apiGroups: ['apps'], resources: ['deployments', 'statefulsets', 'daemonsets'] },
    { ...inNamespace, apiGroups: ['batch'], resources: ['cronjobs'] },
  ];
}

function configMaps(verbs: readonly string[], why: string): ConditionalRule {
  return { apiGroups: [''], resources: ['configmaps'], verbs, scope: 'namespace', why, when: isRollOut };
}

function roleBinding(verbs: readonly string[], why: string): ConditionalRule {
  return {
    apiGroups: ['rbac.authorization.k8s.io'],
    resources: ['rolebindings'],
    verbs,
    scope: 'namespace',
    why,
    when: isRollOut,
  };
}

const recreation: ConditionalRule = {
  ...pods,
  verbs: ['get', 'delete', 'create'],
  why: 'bare pods, which are deleted and created again',
  when: ({ recreate }) => recreate,
};

const kubeletWords: ConditionalRule = {
  ...pods,
  resources: ['events'],
  verbs: ['list'],
  why: "the kubelet's own words when a new pod does not start",
  hint: true,
};

/** What `--ephemeral` needs, to start probers and to end them. */
const ephemeralRules: readonly ConditionalRule[] = [
  { ...pods, verbs: ['get', 'list'], why: 'the pods that are named, or behind workloads', when: isEphemeral },
  {
    ...pods,
    resources: ['pods/ephemeralcontainers'],
    verbs: ['patch'],
    why: 'adding a prober to a running pod',
    when: isEphemeral,
  },
  { ...execRule('telling probers things'), when: isEphemeral },
];

/** What `inject` needs beside what installing the controller does, which is somebody else's in most clusters. */
export const injectRules: readonly ConditionalRule[] = [
  ...workloads(['get', 'patch'], 'adding the prober'),
  ...workloads(['list'], 'workloads by label'),
  { ...pods, verbs: ['list'], why: 'a running pod whose ports are looked at, and the new pods', when: isRollOut },
  configMaps(['get', 'create', 'patch'], 'the list of peers'),
  roleBinding(['get', 'create'], 'letting the controller keep that list (not with --static)'),
  { ...bindPeerListRole, when: isRollOut },
  recreation,
  ...ephemeralRules,
  { ...execRule('seeing ports in use'), hint: true, when: isRollOut },
  {
    ...pods,
    resources: ['pods/proxy'],
    verbs: ['get'],
    why: 'the same where no container has cat',
    hint: true,
  },
  kubeletWords,
];

/** What `uninject` needs. */
export const uninjectRules: readonly ConditionalRule[] = [
  ...workloads(['get', 'patch'], 'taking the prober out'),
  ...workloads(['list'], 'workloads by label, and whether others still use the list of peers'),
  { ...pods, verbs: ['list'], why: 'the new pods, and whether any still uses the list of peers', when: isRollOut },
  configMaps(['list', 'delete'], 'removing a list of peers that nothing uses any more'),
  roleBinding(['delete'], 'removing what let the controller keep it'),
  recreation,
  ...ephemeralRules.filter(({ resources }) => !resources.includes('pods/ephemeralcontainers')),
  kubeletWords,
];

// SPDX-License-Identifier: Apache-2.0
import { execRule, pods, type ConditionalRule } from './conditional-rule.js';

/** What `clean` needs. */
export const cleanRules: readonly ConditionalRule[] = [
  { ...pods, verbs: ['get'], why: 'seeing that a tool container has ended' },
  { ...pods, verbs: ['list'], why: 'finding tool containers and probe pods' },
  execRule('ending tool containers'),
  { ...pods, verbs: ['delete'], why: 'removing probe pods' },
  { ...pods, verbs: ['patch'], why: 'removing annotations of shapes that are over', hint: true },
  {
    apiGroups: [''],
    resources: ['namespaces'],
    verbs: ['list', 'delete'],
    scope: 'cluster',
    why: 'finding and removing what checks have left, with -A',
    hint: true,
  },
];

/** What `preflight` needs. */
export const preflightRules: readonly ConditionalRule[] = [
  { ...pods, resources: ['namespaces'], verbs: ['get'], why: 'the PodSecurity level of the namespace' },
  { ...pods, verbs: ['list'], why: 'a pod to rehearse in' },
  { ...pods, resources: ['serviceaccounts'], verbs: ['get'], why: 'the pull secrets that pods get' },
  {
    apiGroups: [''],
    resources: ['nodes'],
    verbs: ['list'],
    scope: 'cluster',
    why: "the nodes' images, runtimes and kubelets",
  },
];

/** What `version` needs. */
export const versionRules: readonly ConditionalRule[] = [
  {
    apiGroups: [''],
    resources: ['nodes'],
    verbs: ['list'],
    scope: 'cluster',
    why: "the image's digest, where nodes have it",
    hint: true,
  },
];

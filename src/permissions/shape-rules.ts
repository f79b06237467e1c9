// SPDX-License-Identifier: Apache-2.0
import { execRule, pods, type ConditionalRule } from './conditional-rule.js';

/** What `shape`, `shape list`, `shape clear` and `heal` need beside what their targets do. */
export const shapeRules: readonly ConditionalRule[] = [
  { ...pods, verbs: ['get'], why: 'seeing whether a tool container starts, and how a shape stands' },
  { ...pods, verbs: ['list'], why: 'finding shapes, and a pod to measure against' },
  { ...pods, resources: ['pods/ephemeralcontainers'], verbs: ['patch'], why: 'adding a tool container to a pod' },
  execRule('making and clearing rules'),
  { ...pods, verbs: ['patch'], why: 'the annotation that says how a pod is shaped', hint: true },
  { ...pods, verbs: ['watch'], why: 'seeing at once why a tool container does not start', hint: true },
  {
    ...pods,
    resources: ['events'],
    verbs: ['list'],
    why: "the kubelet's own words when a tool container does not start",
    hint: true,
  },
  {
    apiGroups: [''],
    resources: ['nodes'],
    verbs: ['get'],
    scope: 'cluster',
    why: "the node's addresses, which rules with a filter spare, and its kernel in messages",
    hint: true,
  },
  {
    apiGroups: [''],
    resources: ['namespaces'],
    verbs: ['get'],
    scope: 'cluster',
    why: 'saying that a namespace does not exist',
    hint: true,
  },
];

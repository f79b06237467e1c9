// SPDX-License-Identifier: Apache-2.0
import { execRule, pods, type ConditionalRule } from './conditional-rule.js';

/** What `mesh` needs beside what its targets do. Without the proxy it executes in the probers' containers, and the other way round. */
export const meshRules: readonly ConditionalRule[] = [
  { ...pods, verbs: ['list'], why: 'finding probers' },
  {
    ...pods,
    resources: ['pods/proxy'],
    verbs: ['get'],
    why: 'reading probers',
    when: ({ ownContainer }) => !ownContainer,
  },
  { ...execRule('reading probers'), when: ({ ownContainer, hints }) => ownContainer || hints },
  {
    apiGroups: [''],
    resources: ['namespaces'],
    verbs: ['get'],
    scope: 'cluster',
    why: 'saying that a namespace does not exist',
    hint: true,
  },
];

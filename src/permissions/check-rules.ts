// SPDX-License-Identifier: Apache-2.0
import type { ConditionalRule } from './conditional-rule.js';
import { execRule } from './conditional-rule.js';

function everywhere(apiGroup: string, resources: string[], verbs: string[], why: string): ConditionalRule {
  return { apiGroups: [apiGroup], resources, verbs, scope: 'cluster', why };
}

/** What a one-shot `check` needs: its namespaces are new each time, so in all of them. */
export const checkRules: readonly ConditionalRule[] = [
  everywhere('', ['nodes'], ['list'], 'which nodes get agents'),
  everywhere('', ['namespaces'], ['create', 'get', 'delete'], 'what the agents run in'),
  everywhere('', ['pods'], ['create', 'list', 'watch'], 'the agents'),
  everywhere('', ['services'], ['create', 'get', 'list'], 'a Service to reach, that of the API server and that of DNS'),
  everywhere('discovery.k8s.io', ['endpointslices'], ['list'], 'what is behind these'),
  { ...execRule('asking the agents'), scope: 'cluster' },
  { ...everywhere('', ['secrets'], ['get', 'create'], 'copying those of --image-pull-secret'), hint: true },
  { ...everywhere('', ['pods'], ['delete'], 'not waiting for nodes that do not answer, at the end'), hint: true },
];

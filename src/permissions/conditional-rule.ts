// SPDX-License-Identifier: Apache-2.0
import type { Needs } from './needs.js';
import type { PermissionRule } from './permission-rule.js';

/** A rule and when a command needs it; without `when` always. */
export interface ConditionalRule extends PermissionRule {
  when?: (needs: Needs) => boolean;
  /** It only makes messages better. */
  hint?: true;
}

/** What rules about pods have in common. */
export const pods = { apiGroups: [''], resources: ['pods'], scope: 'namespace' as const };

/** Executing in containers, `whatFor`. */
export function execRule(whatFor: string): PermissionRule {
  return {
    ...pods,
    resources: ['pods/exec'],
    // An exec over a WebSocket is a GET; from Kubernetes 1.35 on it needs `create` as well (KEP-4006).
    verbs: ['get', 'create'],
    why: `${whatFor} (over a WebSocket a get, for which Kubernetes 1.35 also asks for create)`,
  };
}

/** The rules that count for a way of use, without their conditions. */
export function needed(rules: readonly ConditionalRule[], needs: Needs): PermissionRule[] {
  return rules
    .filter(({ hint, when }) => (hint !== true || needs.hints) && (when === undefined || when(needs)))
    .map(({ apiGroups, resources, resourceNames, verbs, scope, why }) => {
      const names = resourceNames === undefined ? {} : { resourceNames };
      return { apiGroups, resources, ...names, verbs, scope, why };
    });
}

// SPDX-License-Identifier: Apache-2.0

/** A rule of RBAC (rbac.authorization.k8s.io/v1 PolicyRule) and the reason to ask for it. */
export interface PermissionRule {
  apiGroups: readonly string[];
  resources: readonly string[];
  verbs: readonly string[];
  resourceNames?: readonly string[] | undefined;
  /** What belongs to no namespace can only be allowed by a ClusterRole. */
  scope: 'namespace' | 'cluster';
  /** What it is for, in a few words; several reasons are joined by `; `. */
  why: string;
}

const key = ({ apiGroups, resources, resourceNames = [], scope }: PermissionRule) =>
  JSON.stringify([scope, apiGroups, resources, resourceNames]);

const union = (first: readonly string[], second: readonly string[]) => [...new Set([...first, ...second])];

/** The single reasons of a rule. */
export function reasonsOf(why: string): string[] {
  return why.split('; ');
}

/** One rule for each resource: verbs and reasons of those about the same are put together, in the order of first mention. */
export function mergeRules(rules: readonly PermissionRule[]): PermissionRule[] {
  const merged = new Map<string, PermissionRule>();
  for (const rule of rules) {
    const known = merged.get(key(rule));
    if (known === undefined) merged.set(key(rule), rule);
    else {
      const why = union(reasonsOf(known.why), reasonsOf(rule.why)).join('; ');
      merged.set(key(rule), { ...known, verbs: union(known.verbs, rule.verbs), why });
    }
  }
  return [...merged.values()];
}

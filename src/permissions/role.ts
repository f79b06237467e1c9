// SPDX-License-Identifier: Apache-2.0
import type { PermissionRule } from './permission-rule.js';

const group = 'rbac.authorization.k8s.io';

/** Whom a Role is bound to, in RBAC's words. */
export interface Subject {
  kind: 'User' | 'Group' | 'ServiceAccount';
  name: string;
  /** Of a ServiceAccount. */
  namespace?: string | undefined;
}

/** A Role, or a ClusterRole where there is no namespace to it, with its binding to the subjects, if there are any. */
export interface RoleDescription {
  kind: 'Role' | 'ClusterRole';
  name: string;
  /** Undefined: that of whoever applies it. */
  namespace?: string | undefined;
  rules: readonly PermissionRule[];
  subjects: readonly Subject[];
}

/** The user behind a name that the API server gives: service accounts have names of a form of their own. */
export function subjectOf(user: string): Subject {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  if (namespace === undefined || name === undefined) return { kind: 'User', name: user };
  return { kind: 'ServiceAccount', name, namespace };
}

/**
 * Rules as a Role, and what belongs to no namespace as a ClusterRole beside it; with `allNamespaces` as one ClusterRole.
 * Empty where there are no rules.
 */
export function rolesOf(
  rules: readonly PermissionRule[],
  {
    name,
    namespace,
    allNamespaces,
    subjects,
  }: {
    name: string;
    namespace?: string | undefined;
    allNamespaces: boolean;
    subjects: readonly Subject[];
  },
): RoleDescription[] {
  const inNamespace = allNamespaces ? [] : rules.filter(({ scope }) => scope === 'namespace');
  const atCluster = rules.filter((rule) => !inNamespace.includes(rule));
  const roles: RoleDescription[] = [
    { kind: 'Role', name, namespace, rules: inNamespace, subjects },
    { kind: 'ClusterRole', name, rules: atCluster, subjects },
  ];
  return roles.filter((role) => role.rules.length > 0);
}

function policyRule({ apiGroups, resources, resourceNames, verbs }: PermissionRule): object {
  return { apiGroups, resources, ...(resourceNames === undefined ? {} : { resourceNames }), verbs };
}

/** The objects as the API server takes them: the role, and its binding where there are subjects. */
export function manifestsOf(role: RoleDescription): Record<string, unknown>[] {
  const { kind, name, namespace, rules, subjects } = role;
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  const object = { apiVersion: `${group}/v1`, kind, metadata, rules: rules.map(policyRule) };
  if (subjects.length === 0) return [object];
  return [
    object,
    {
      apiVersion: `${group}/v1`,
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup: group, kind, name },
      subjects: subjects.map((subject) =>
        subject.kind === 'ServiceAccount' ? subject : { apiGroup: group, kind: subject.kind, name: subject.name },
      ),
    },
  ];
}

// SPDX-License-Identifier: Apache-2.0

/** A rule about objects of the core group. */
export function coreRule(resources: string[], verbs: string[]): object {
  return { apiGroups: [''], resources, verbs };
}

/** A service account of a namespace with these rights there, and nothing else. */
export function serviceAccount(namespace: string, name: string, rules: object[]): object[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name };
  const subjects = [{ kind: 'ServiceAccount', name, namespace }];
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } },
    { apiVersion, kind: 'Role', metadata: { name }, rules },
    { apiVersion, kind: 'RoleBinding', metadata: { name }, subjects, roleRef },
  ];
}

/** The flag that acts as a service account of a namespace. */
export function asAccount(namespace: string, name: string): string[] {
  return ['--as', `system:serviceaccount:${namespace}:${name}`];
}

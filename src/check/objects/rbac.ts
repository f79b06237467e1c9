// SPDX-License-Identifier: Apache-2.0
import type { InstalledObject } from '../../installation/installed-object.js';
import { checkNamespace, checkServerName } from '../../model/check.js';
import { labelsOf } from './install-options.js';

const group = 'rbac.authorization.k8s.io';
const apiVersion = `${group}/v1`;

export interface Rule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

const subjects = [{ kind: 'ServiceAccount', name: checkServerName, namespace: checkNamespace }];

/** What the server may do in the whole cluster. */
export function clusterWide(name: string, rules: readonly Rule[]): InstalledObject[] {
  const metadata = { name, labels: labelsOf(checkServerName) };
  return [
    { apiVersion, kind: 'ClusterRole', metadata, rules },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: { apiGroup: group, kind: 'ClusterRole', name },
      subjects,
    },
  ];
}

/** What the server may do in one namespace. */
export function inNamespace(namespace: string, name: string, rules: readonly Rule[]): InstalledObject[] {
  const metadata = { name, namespace, labels: labelsOf(checkServerName) };
  return [
    { apiVersion, kind: 'Role', metadata, rules },
    { apiVersion, kind: 'RoleBinding', metadata, roleRef: { apiGroup: group, kind: 'Role', name }, subjects },
  ];
}

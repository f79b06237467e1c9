// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from '../kube/objects.js';

/** An object as it is applied. */
export type InstalledObject = KubeObject & { apiVersion: string; kind: string } & Readonly<Record<string, unknown>>;

/** Kinds of what we install, with the names of their resources. */
const resources: Readonly<Record<string, { resource: string; namespaced: boolean }>> = {
  Namespace: { resource: 'namespaces', namespaced: false },
  CustomResourceDefinition: { resource: 'customresourcedefinitions', namespaced: false },
  ServiceAccount: { resource: 'serviceaccounts', namespaced: true },
  ClusterRole: { resource: 'clusterroles', namespaced: false },
  ClusterRoleBinding: { resource: 'clusterrolebindings', namespaced: false },
  Role: { resource: 'roles', namespaced: true },
  RoleBinding: { resource: 'rolebindings', namespaced: true },
  ConfigMap: { resource: 'configmaps', namespaced: true },
  Pod: { resource: 'pods', namespaced: true },
  DaemonSet: { resource: 'daemonsets', namespaced: true },
  Deployment: { resource: 'deployments', namespaced: true },
  PodDisruptionBudget: { resource: 'poddisruptionbudgets', namespaced: true },
  Service: { resource: 'services', namespaced: true },
  NetworkPolicy: { resource: 'networkpolicies', namespaced: true },
  MutatingWebhookConfiguration: { resource: 'mutatingwebhookconfigurations', namespaced: false },
  NetworkProber: { resource: 'networkprobers', namespaced: true },
  CheckAgent: { resource: 'checkagents', namespaced: true },
};

/** Group, resource and namespace of an object, as access reviews ask for them. */
export function resourceOf({ apiVersion, kind, metadata }: InstalledObject) {
  const known = resources[kind];
  if (known === undefined) throw new Error(`no resource is known of kind ${kind}`);
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  return { group, resource: known.resource, namespace: known.namespaced ? metadata.namespace : undefined };
}

/** The API path of an object. */
export function pathOf(object: InstalledObject): string {
  const { resource, namespace } = resourceOf(object);
  const root = object.apiVersion.includes('/') ? `/apis/${object.apiVersion}` : `/api/${object.apiVersion}`;
  const scope = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return `${root}${scope}/${resource}/${object.metadata.name}`;
}

// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from '../../kube/objects.js';
import { objectPath } from '../../targets/resource-types.js';
import type { JsonObject } from '../pod-template.js';

/** What takes a prober while it is in the cluster; bare pods only by being made anew. */
export const injectableKinds = ['deployment', 'statefulset', 'daemonset', 'cronjob', 'pod'] as const;
export type InjectableKind = (typeof injectableKinds)[number];

/** A workload as it was read, with its `apiVersion` and `kind`. */
export interface LiveWorkload {
  kind: InjectableKind;
  namespace: string;
  name: string;
  object: KubeObject & JsonObject;
}

const apiNames: Record<InjectableKind, { kind: string; apiVersion: string; resource: string }> = {
  deployment: { kind: 'Deployment', apiVersion: 'apps/v1', resource: 'deployment.apps' },
  statefulset: { kind: 'StatefulSet', apiVersion: 'apps/v1', resource: 'statefulset.apps' },
  daemonset: { kind: 'DaemonSet', apiVersion: 'apps/v1', resource: 'daemonset.apps' },
  cronjob: { kind: 'CronJob', apiVersion: 'batch/v1', resource: 'cronjob.batch' },
  pod: { kind: 'Pod', apiVersion: 'v1', resource: 'pod' },
};

/** An object of the API as a workload; items of a list come without their kind. */
export function liveWorkload(kind: InjectableKind, namespace: string, object: KubeObject): LiveWorkload {
  const { kind: word, apiVersion } = apiNames[kind];
  return { kind, namespace, name: object.metadata.name, object: { ...object, apiVersion, kind: word } };
}

/** As kubectl prints it: `deployment.apps/web`. */
export function resourceName({ kind, name }: Pick<LiveWorkload, 'kind' | 'name'>): string {
  return `${apiNames[kind].resource}/${name}`;
}

/** As people write it, for messages: `deployment/web of namespace shop`. */
export function workloadLabel({ kind, namespace, name }: Pick<LiveWorkload, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}/${name} of namespace ${namespace}`;
}

export function workloadPath({ kind, namespace, name }: Pick<LiveWorkload, 'kind' | 'namespace' | 'name'>): string {
  return objectPath(kind, namespace, name);
}

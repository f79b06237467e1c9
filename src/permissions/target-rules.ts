// SPDX-License-Identifier: Apache-2.0
import type { TargetKind } from './needs.js';
import type { PermissionRule } from './permission-rule.js';

function read(apiGroup: string, resource: string, verbs: readonly string[], why: string): PermissionRule {
  return { apiGroups: [apiGroup], resources: [resource], verbs, scope: 'namespace', why };
}

const podsByName = read('', 'pods', ['get'], 'pods that are named');
const podsBehind = read('', 'pods', ['list'], 'the pods behind selectors, workloads and nodes');

function workload(apiGroup: string, resource: string): PermissionRule[] {
  return [read(apiGroup, resource, ['get'], `${resource} that are named`), podsBehind];
}

/** What has to be read to find the pods and addresses that a kind of target stands for. */
export const targetRules: Readonly<Record<TargetKind, readonly PermissionRule[]>> = {
  pod: [podsByName],
  selector: [podsBehind],
  deployment: workload('apps', 'deployments'),
  statefulset: workload('apps', 'statefulsets'),
  daemonset: workload('apps', 'daemonsets'),
  replicaset: workload('apps', 'replicasets'),
  job: workload('batch', 'jobs'),
  cronjob: [...workload('batch', 'cronjobs'), read('batch', 'jobs', ['list'], 'the jobs of cronjobs')],
  service: [
    read('', 'services', ['get'], 'Services that are named'),
    read('discovery.k8s.io', 'endpointslices', ['list'], 'the endpoints of Services'),
    read('', 'pods', ['get'], 'the pods behind Services'),
  ],
  node: [
    podsBehind,
    {
      apiGroups: [''],
      resources: ['nodes'],
      verbs: ['get'],
      scope: 'cluster',
      why: 'addresses of nodes that are named as destinations',
    },
  ],
};

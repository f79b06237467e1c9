// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../../../src/kube/cluster.js';
import type { EndpointSlice, KubeObject, Pod } from '../../../src/kube/objects.js';
import { nightlyJob, workload } from './workload.js';

const collections: Record<string, string> = {
  Pod: '/api/v1/namespaces/NS/pods',
  Service: '/api/v1/namespaces/NS/services',
  Deployment: '/apis/apps/v1/namespaces/NS/deployments',
  StatefulSet: '/apis/apps/v1/namespaces/NS/statefulsets',
  DaemonSet: '/apis/apps/v1/namespaces/NS/daemonsets',
  Job: '/apis/batch/v1/namespaces/NS/jobs',
  CronJob: '/apis/batch/v1/namespaces/NS/cronjobs',
};

/** Creates an object in a namespace of a test. */
export function create(cluster: Cluster, namespace: string, object: object): Promise<KubeObject> {
  const path = collections[(object as KubeObject).kind ?? '']?.replace('NS', namespace);
  if (path === undefined) throw new Error(`no collection is known for ${JSON.stringify(object)}`);
  return cluster.create<KubeObject>(path, object);
}

async function everything<T extends KubeObject>(cluster: Cluster, path: string): Promise<T[]> {
  const objects: T[] = [];
  for await (const page of cluster.list<T>(path)) objects.push(...page);
  return objects;
}

async function settled(cluster: Cluster, namespace: string): Promise<boolean> {
  const pods = await everything<Pod>(cluster, `/api/v1/namespaces/${namespace}/pods`);
  const late = new Set(['unready', 'waiting']);
  const ready = pods.filter(({ status }) =>
    status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
  );
  const unready = pods.find(({ metadata }) => metadata.name === 'unready');
  const slices = await everything<EndpointSlice>(
    cluster,
    `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`,
  );
  const endpoints = slices
    .flatMap((slice) => slice.endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready === true);
  const addressesOfThree = 2 * 3 * 3 + 3;
  const addressesOfMixed = 2 * 2 + 2;
  return (
    ready.length === pods.length - late.size &&
    ready.length === 10 &&
    unready?.status?.podIP !== undefined &&
    endpoints.length === addressesOfThree + addressesOfMixed
  );
}

/** A namespace of its own name with the workload in it, all of it ready that ever will be. */
export async function workloadNamespace(cluster: Cluster): Promise<string> {
  const { metadata } = await cluster.create<KubeObject>('/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { generateName: 'targets-', labels: { 'netmachinery.test/purpose': 'targets' } },
  });
  const namespace = metadata.name;
  const created = await Promise.all(workload.map((object) => create(cluster, namespace, object)));
  const cronJob = created.find(({ kind }) => kind === 'CronJob');
  await create(cluster, namespace, nightlyJob(cronJob?.metadata.uid ?? ''));
  while (!(await settled(cluster, namespace))) await new Promise((resolve) => setTimeout(resolve, 250));
  return namespace;
}

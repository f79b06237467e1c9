// SPDX-License-Identifier: Apache-2.0
import type { Pod } from '../../src/kube/objects.js';
import { images, kubectl } from './kubectl.js';

/** Passes PodSecurity `restricted`. */
const securityContext = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  runAsUser: 1000,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

/** A pod template that starts and ends at once, in a namespace of any level. */
export function template(app: string, spec: object = {}, container: object = {}): object {
  return {
    metadata: { labels: { app } },
    spec: {
      terminationGracePeriodSeconds: 1,
      nodeSelector: { 'kubernetes.io/hostname': 'node1' },
      containers: [
        {
          name: 'main',
          image: images.busybox,
          command: ['sh', '-c', 'sleep 3600 & wait'],
          securityContext,
          ...container,
        },
      ],
      ...spec,
    },
  };
}

/** A workload of that template. */
export function workload(kind: 'Deployment' | 'StatefulSet' | 'DaemonSet', name: string, pod = template(name)): object {
  const replicas = kind === 'DaemonSet' ? {} : { replicas: 1 };
  const serviceName = kind === 'StatefulSet' ? { serviceName: name } : {};
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name },
    spec: { ...replicas, ...serviceName, selector: { matchLabels: { app: name } }, template: pod },
  };
}

export function cronJob(name: string): object {
  const { spec, metadata } = template(name, { restartPolicy: 'Never' }) as { spec: object; metadata: object };
  const jobTemplate = { spec: { template: { metadata, spec } } };
  return { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name }, spec: { schedule: '0 3 1 1 *', jobTemplate } };
}

interface Live {
  metadata: { generation: number; uid: string };
  spec: { template?: object; jobTemplate?: { spec: { template: object } } };
}

export async function getObject<T = Live>(namespace: string, name: string): Promise<T> {
  return JSON.parse(await kubectl(['get', '-n', namespace, name, '-o', 'json'])) as T;
}

export async function templateIn(namespace: string, name: string): Promise<object | undefined> {
  const { spec } = await getObject(namespace, name);
  return spec.template ?? spec.jobTemplate?.spec.template;
}

/** The keys of the peer list of a mesh in a namespace. */
export async function peersOf(namespace: string, mesh = 'netmachinery'): Promise<string[]> {
  const { binaryData } = await getObject<{ binaryData: Record<string, string> }>(namespace, `configmap/${mesh}`);
  const text = Buffer.from(binaryData['config.json'] ?? '', 'base64').toString();
  return Object.keys((JSON.parse(text) as { endpointsMap: object }).endpointsMap).sort();
}

/** The metrics of a prober in a pod, through the API server. */
export function metricsOf(namespace: string, pod: string): Promise<string> {
  return kubectl(['get', '--raw', `/api/v1/namespaces/${namespace}/pods/${pod}:19192/proxy/metrics`]);
}

/** Names of the pods that run and are not on their way out. */
export async function podNames(namespace: string, selector: string): Promise<string[]> {
  const { items } = JSON.parse(await kubectl(['get', 'pod', '-n', namespace, '-l', selector, '-o', 'json'])) as {
    items: Pod[];
  };
  return items
    .filter(({ metadata, status }) => metadata.deletionTimestamp === undefined && status?.phase === 'Running')
    .map(({ metadata }) => metadata.name);
}

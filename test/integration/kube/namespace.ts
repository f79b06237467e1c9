// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../../../src/kube/cluster.js';
import type { KubeObject, Pod } from '../../../src/kube/objects.js';

/** Creates a namespace of its own name in which pods can be created; with a PodSecurity level if one is given. */
export async function temporaryNamespace(cluster: Cluster, podSecurity?: string): Promise<string> {
  const labels = {
    'netmachinery.test/purpose': 'kube',
    ...(podSecurity === undefined ? {} : { 'pod-security.kubernetes.io/enforce': podSecurity }),
  };
  const { metadata } = await cluster.create<KubeObject>('/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { generateName: 'kube-', labels },
  });
  return metadata.name;
}

export interface PodOptions {
  name?: string;
  node?: string;
  spec?: Record<string, unknown>;
  container?: Record<string, unknown>;
  metadata?: Record<string, unknown>;
}

/** A pod that fits PodSecurity `restricted` and does nothing, as it is sent. */
function idlePod({ name = 'idle', node = 'node1', spec = {}, container = {}, metadata = {} }: PodOptions = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...metadata },
    spec: {
      nodeSelector: { 'kubernetes.io/hostname': node },
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'main',
          image: process.env['NETMACHINERY_IMAGE'],
          imagePullPolicy: 'IfNotPresent',
          command: ['sleep', 'infinity'],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          ...container,
        },
      ],
      ...spec,
    },
  };
}

/** Reads a pod until it is as wanted. */
export async function podOnce(
  cluster: Cluster,
  namespace: string,
  name: string,
  wanted: (pod: Pod) => boolean,
): Promise<Pod> {
  for (;;) {
    const pod = await cluster.get<Pod>(`/api/v1/namespaces/${namespace}/pods/${name}`);
    if (wanted(pod)) return pod;
    await sleep(100);
  }
}

/** Creates an idle pod. A test that is tried once more gets a new one. */
export async function createdPod(cluster: Cluster, namespace: string, options: PodOptions = {}): Promise<Pod> {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const { items } = await cluster.get<{ items: Pod[] }>(
    `${pods}?fieldSelector=metadata.name=${options.name ?? 'idle'}`,
  );
  for (const old of items) {
    await cluster.delete(`${pods}/${old.metadata.name}?gracePeriodSeconds=0`);
    while (
      (await cluster.get<{ items: Pod[] }>(pods)).items.some(({ metadata }) => metadata.uid === old.metadata.uid)
    ) {
      await sleep(100);
    }
  }
  return cluster.create<Pod>(pods, idlePod(options));
}

/** Creates an idle pod as createdPod does, and waits until it runs. */
export async function runningPod(cluster: Cluster, namespace: string, options: PodOptions = {}): Promise<Pod> {
  const { metadata } = await createdPod(cluster, namespace, options);
  return podOnce(cluster, namespace, metadata.name, ({ status }) => status?.phase === 'Running');
}

// SPDX-License-Identifier: Apache-2.0
import type { Pod } from '../kube/objects.js';
import { ipFamily, type IpFamily } from './names.js';
import type { Protocol } from './refs.js';
import { serviceMeshOf, type ServiceMesh } from './service-mesh.js';

/** Addresses of a pod by family. */
export interface Addresses {
  4?: string;
  6?: string;
}

/** What of a pod changes the meaning of a result. */
export interface PodTraits {
  /** Its network is the node's. */
  hostNetwork?: true;
  mesh?: ServiceMesh;
}

/** What is kept of each of many pods: a list's page is dropped once these are taken. */
export interface PodFacts {
  namespace: string;
  name: string;
  node?: string;
  phase: string;
  /** Empty for a finished pod too: its address may belong to another pod by now. */
  addresses: Addresses;
  ports: { name?: string; port: number; protocol: Protocol | 'sctp' }[];
  traits: PodTraits;
}

/** What of a pod changes the meaning of a result. */
export function podTraits(pod: Pod): PodTraits {
  const mesh = serviceMeshOf(pod);
  return {
    ...(pod.spec.hostNetwork === true ? { hostNetwork: true } : {}),
    ...(mesh === undefined ? {} : { mesh }),
  };
}

/** Whether the pod's containers have ended for good. */
export function isFinished(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

/** Whether the pod is ready by its own condition. */
export function isReady(pod: Pod): boolean {
  return (pod.status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** The addresses of the wanted families, by family. */
export function addressesOf(pod: Pod, families: readonly IpFamily[]): Addresses {
  const addresses: Addresses = {};
  if (isFinished(pod)) return addresses;
  const { podIP, podIPs = [] } = pod.status ?? {};
  for (const ip of [...(podIP === undefined ? [] : [podIP]), ...podIPs.map((entry) => entry.ip)]) {
    const family = ipFamily(ip);
    if (family !== undefined && families.includes(family)) addresses[family] ??= ip;
  }
  return addresses;
}

/** Kubernetes' spelling of a protocol (absent: TCP) as ours. */
export function protocolOf(protocol: string | undefined): Protocol | 'sctp' {
  const lower = protocol?.toLowerCase();
  return lower === 'udp' || lower === 'sctp' ? lower : 'tcp';
}

/** The facts of one pod. Ports of init containers count: sidecars are init containers that go on running. */
export function podFacts(pod: Pod, families: readonly IpFamily[]): PodFacts {
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  return {
    namespace: pod.metadata.namespace ?? '',
    name: pod.metadata.name,
    ...(pod.spec.nodeName === undefined ? {} : { node: pod.spec.nodeName }),
    phase: pod.metadata.deletionTimestamp === undefined ? (pod.status?.phase ?? 'Unknown') : 'Terminating',
    addresses: addressesOf(pod, families),
    traits: podTraits(pod),
    ports: containers.flatMap(({ ports = [] }) =>
      ports.map(({ name, containerPort, protocol }) => ({
        ...(name === undefined ? {} : { name }),
        port: containerPort,
        protocol: protocolOf(protocol),
      })),
    ),
  };
}

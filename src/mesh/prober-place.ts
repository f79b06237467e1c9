// SPDX-License-Identifier: Apache-2.0
import type { Container, ContainerStatus, Pod } from '../kube/objects.js';
import { environmentValue as variable } from '../kube/tool-container-spec.js';
import {
  defaultMesh,
  defaultMetricsPort,
  ephemeralProberName,
  meshVariable,
  metricsPortName,
  neighboursVariable,
  proberContainerName,
} from '../model/prober.js';

/** A prober of ours in a pod, and how it is reached. */
export interface ProberPlace {
  namespace: string;
  pod: string;
  /** Empty before the pod is on one. */
  node: string;
  /** `TYPE/NAME` in kubectl's short words; `pod/NAME` of a pod of its own. */
  workload: string;
  mesh: string;
  container: string;
  metricsPort: number;
  /** Why it cannot be asked, where its container does not run. */
  notRunning?: string;
}

const shortTypes: Readonly<Record<string, string>> = {
  Deployment: 'deploy',
  ReplicaSet: 'rs',
  StatefulSet: 'sts',
  DaemonSet: 'ds',
  Job: 'job',
};

/**
 * The probers of a pod: its sidecar, and an ephemeral one that runs. Pods that have ended or are going have none: peer
 * lists have them no more, and what they measure while they end says nothing.
 */
export function probersOf(pod: Pod): ProberPlace[] {
  const { metadata, spec, status } = pod;
  const { phase } = status ?? {};
  if (metadata.deletionTimestamp !== undefined || phase === 'Succeeded' || phase === 'Failed') return [];
  const sidecars = [...spec.containers, ...(spec.initContainers ?? [])].filter(
    ({ name }) => name === proberContainerName,
  );
  const statuses = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  const ephemeral = (spec.ephemeralContainers ?? []).filter(({ name }) => ephemeralProberName.test(name));
  const ephemeralStatuses = status?.ephemeralContainerStatuses ?? [];
  return [
    ...sidecars.map((container) => ({ container, state: stateOf(container, statuses) })),
    // What has ended was meant to.
    ...ephemeral
      .map((container) => ({ container, state: stateOf(container, ephemeralStatuses) }))
      .filter(({ state }) => state?.terminated === undefined),
  ]
    .filter(({ container }) => variable(container, neighboursVariable) !== undefined)
    .map(({ container, state }) => place(pod, container, state));
}

function stateOf({ name }: Container, statuses: readonly ContainerStatus[]): ContainerStatus['state'] {
  return statuses.find((status) => status.name === name)?.state;
}

function place(pod: Pod, container: Container, state: ContainerStatus['state']): ProberPlace {
  const port = container.ports?.find(({ name }) => name === metricsPortName)?.containerPort;
  const isEphemeral = pod.spec.ephemeralContainers?.some(({ name }) => name === container.name) === true;
  const notRunning = isEphemeral && isStarting(state) ? undefined : whyNotRunning(container, state);
  return {
    namespace: pod.metadata.namespace ?? 'default',
    pod: pod.metadata.name,
    node: pod.spec.nodeName ?? '',
    workload: workloadOf(pod),
    mesh: variable(container, meshVariable) ?? defaultMesh,
    container: container.name,
    // Ephemeral containers may not declare ports.
    metricsPort: port ?? (Number(variable(container, 'HTTP_PROMETHEUS_PORT')) || defaultMetricsPort),
    ...(notRunning === undefined ? {} : { notRunning }),
  };
}

/** An ephemeral container answers up to a second before the status of its pod says that it runs (the kubelet's relist). */
function isStarting(state: ContainerStatus['state']): boolean {
  return state === undefined || state.waiting?.reason === 'ContainerCreating';
}

function whyNotRunning({ name }: Container, state: ContainerStatus['state']): string | undefined {
  if (state?.running !== undefined) return undefined;
  const { reason, message } = state?.waiting ?? state?.terminated ?? {};
  const why = [reason, message].filter((word) => word !== undefined).join(': ');
  return `container ${name} does not run${why === '' ? '' : `: ${why}`}`;
}

/**
 * What a pod belongs to, by its owner alone: reading each owner's owner would take a request and a permission for each. A
 * ReplicaSet with the hash that Deployments give (`pod-template-hash`) stands for its Deployment.
 */
export function workloadOf({ metadata: { name, labels = {}, ownerReferences = [] } }: Pod): string {
  const owner = ownerReferences.find(({ controller }) => controller === true);
  if (owner === undefined) return `pod/${name}`;
  const hash = labels['pod-template-hash'];
  if (owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`)) {
    return `deploy/${owner.name.slice(0, -hash.length - 1)}`;
  }
  return `${shortTypes[owner.kind] ?? owner.kind.toLowerCase()}/${owner.name}`;
}

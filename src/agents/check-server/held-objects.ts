// SPDX-License-Identifier: Apache-2.0
import { nodeOfDaemonPod, type DaemonPod } from '../../connectivity/daemon-pod.js';
import type { EndpointSlice, KubeObject, Node, Pod, Service } from '../../kube/objects.js';
import { checkNetworkLabel, type AgentIdentity, type AgentNetwork } from '../../model/check.js';

/** An agent's pod as far as it matters here: where it is or should be, and what explains that it is silent. */
export interface HeldPod {
  pod: Pod;
  network: AgentNetwork;
  /** Where it runs, or what its DaemonSet wants it for. */
  node: string | undefined;
  /** Undefined until it runs and has addresses, and from when it is being deleted. */
  agent: AgentIdentity | undefined;
}

export function heldPod(pod: DaemonPod, network: AgentNetwork): HeldPod | undefined {
  const { metadata, spec, status = {} } = pod;
  // The server's own pods have none.
  if (metadata.labels?.[checkNetworkLabel] !== network) return undefined;
  const { name, namespace = '', creationTimestamp, deletionTimestamp } = metadata;
  const node = nodeOfDaemonPod(pod);
  const ips = (status.podIPs ?? []).map(({ ip }) => ip);
  const isRunning = status.phase === 'Running' && deletionTimestamp === undefined && ips.length > 0;
  const { phase, reason, message, conditions, containerStatuses, initContainerStatuses } = status;
  return {
    network,
    node,
    agent:
      isRunning && spec.nodeName !== undefined
        ? { node: spec.nodeName, network, namespace, pod: name, ips }
        : undefined,
    // What explains it, and nothing else: there may be thousands.
    pod: JSON.parse(
      JSON.stringify({
        metadata: { name, namespace, creationTimestamp, deletionTimestamp },
        spec: { nodeName: spec.nodeName, containers: [] },
        status: { phase, reason, message, conditions, containerStatuses, initContainerStatuses },
      }),
    ) as Pod,
  };
}

/** Without what changes all the time. */
export function heldNode({ metadata, spec, status }: Node): Node {
  const { name, labels = {}, deletionTimestamp } = metadata;
  const { unschedulable, taints } = spec ?? {};
  const conditions = (status?.conditions ?? []).filter(({ type }) => type === 'Ready');
  return {
    metadata: { name, labels, ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }) },
    spec: { ...(unschedulable === undefined ? {} : { unschedulable }), ...(taints === undefined ? {} : { taints }) },
    status: {
      conditions: conditions.map(({ type, status: is, reason = '', message = '' }) => ({
        type,
        status: is,
        reason,
        message,
      })),
      nodeInfo: { operatingSystem: status?.nodeInfo?.operatingSystem ?? '' },
    },
  };
}

export function heldService({ metadata: { name, namespace = '' }, spec }: Service): Service {
  return { metadata: { name, namespace }, spec };
}

export function heldSlice({ metadata: { name, namespace = '', labels = {} }, ...slice }: EndpointSlice): EndpointSlice {
  const { addressType, endpoints = [], ports = [] } = slice;
  return { metadata: { name, namespace, labels }, addressType, endpoints, ports };
}

export interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
}

export interface HeldLease extends KubeObject {
  spec?: { holderIdentity?: string };
}

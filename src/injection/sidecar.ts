// SPDX-License-Identifier: Apache-2.0
import { agentContainerSecurity, agentPodSecurity } from '../installation/agent-security.js';
import { Failure } from '../errors/failure.js';
import {
  defaultMetricsPort,
  defaultNeighbours,
  defaultPingPort,
  deployedAnnotation,
  meshVariable,
  metricsPortName,
  neighboursVariable,
  peerListKey,
  pingPortName,
  proberContainerName,
  proberVolumeName,
} from '../model/prober.js';

/** Only there where something empty gave way: what it was, so that `uninject` can bring it back. JSON. */
export const beforeAnnotation = 'netmachinery.io/before-injection';
const mountPath = '/etc/netprober';

export interface InjectionOptions {
  agentImage: string;
  /** `NAME` or `NAMESPACE/NAME`, as `meshVariable` has it. */
  mesh: string;
  /** The ConfigMap of the peer list, in the pod's namespace. */
  configMap: string;
  /** As an init container that goes on running (KEP-753: on by default from Kubernetes 1.29). */
  native: boolean;
  /** 19191 where absent. */
  pingPort?: number | undefined;
  /** 19192 where absent. */
  metricsPort?: number | undefined;
  /** How many others each pings in a large mesh; 0 is all of them; 10 where absent. */
  neighbours?: number | undefined;
}

interface EnvironmentVariable {
  name: string;
  value?: string;
  valueFrom?: { fieldRef: { apiVersion: string; fieldPath: string } };
}

/** The container that is added, every field that a merge needs written out. */
interface ProberContainer {
  name: string;
  image: string;
  restartPolicy?: 'Always';
  env: EnvironmentVariable[];
  ports: { name: string; containerPort: number; protocol: 'TCP' }[];
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  securityContext: object;
  volumeMounts: { name: string; mountPath: string; readOnly: boolean }[];
}

interface ProberVolume {
  name: string;
  configMap: { name: string; optional: boolean; defaultMode: number };
}

/** What a pod template gets. */
export interface Sidecar {
  list: 'containers' | 'initContainers';
  container: ProberContainer;
  volume: ProberVolume;
  annotations: Record<string, string>;
}

/** The ports that the prober listens on. Throws `usage` where they are none or the same. */
export function proberPorts(options: Pick<InjectionOptions, 'pingPort' | 'metricsPort'>): {
  ping: number;
  metrics: number;
} {
  const ping = options.pingPort ?? defaultPingPort;
  const metrics = options.metricsPort ?? defaultMetricsPort;
  for (const port of [ping, metrics]) {
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new Failure('usage', `${port} is no port`, { hint: 'a port is a number from 1 to 65535' });
    }
  }
  if (ping === metrics) {
    throw new Failure('usage', `port ${ping} cannot serve both pings and metrics`, { hint: 'give two ports' });
  }
  return { ping, metrics };
}

/**
 * The prober as objects. It has no probes: with a readiness probe the user's pod would be ready only while the prober is,
 * and a restart for liveness takes the pod out of its Services as well. What hangs shows in the mesh instead.
 * A native sidecar belongs last in the list: init containers before it do not wait for its image, and none come after it.
 */
export function sidecarOf(options: InjectionOptions): Sidecar {
  const ports = proberPorts(options);
  const neighbours = options.neighbours ?? defaultNeighbours;
  if (options.agentImage === '') throw new Failure('usage', 'an agent image is needed');
  if (
    options.configMap.length > 253 ||
    !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(options.configMap)
  ) {
    throw new Failure('usage', 'the peer list needs the name of a ConfigMap', {
      hint: 'lower case letters, digits, - and .',
    });
  }
  if (!Number.isSafeInteger(neighbours) || neighbours < 0) {
    throw new Failure('usage', `${neighbours} is no number of neighbours`, { hint: '0 pings all the others' });
  }
  return {
    list: options.native ? 'initContainers' : 'containers',
    container: {
      name: proberContainerName,
      image: options.agentImage,
      ...(options.native ? { restartPolicy: 'Always' } : {}),
      env: environment(ports, neighbours, options.mesh),
      ports: [
        { name: pingPortName, containerPort: ports.ping, protocol: 'TCP' },
        { name: metricsPortName, containerPort: ports.metrics, protocol: 'TCP' },
      ],
      // The same twice, so that a pod of the class Guaranteed stays one.
      resources: { requests: { cpu: '100m', memory: '96Mi' }, limits: { cpu: '100m', memory: '96Mi' } },
      securityContext: { ...agentContainerSecurity, ...agentPodSecurity },
      volumeMounts: [{ name: proberVolumeName, mountPath, readOnly: true }],
    },
    // Optional: a pod must start before its peer list is written, and where it never is.
    volume: { name: proberVolumeName, configMap: { name: options.configMap, optional: true, defaultMode: 0o644 } },
    annotations: { [deployedAnnotation]: 'true' },
  };
}

function environment(
  ports: { ping: number; metrics: number },
  neighbours: number,
  mesh: string,
): EnvironmentVariable[] {
  return [
    { name: 'HTTP_PORT', value: String(ports.ping) },
    { name: 'HTTP_PROMETHEUS_PORT', value: String(ports.metrics) },
    { name: 'NET_PROBER_CONFIG_FILE', value: `${mountPath}/${peerListKey}` },
    { name: neighboursVariable, value: String(neighbours) },
    { name: meshVariable, value: mesh },
    fromPod('POD_NAME', 'metadata.name'),
    fromPod('POD_NAMESPACE', 'metadata.namespace'),
    fromPod('NODE_NAME', 'spec.nodeName'),
    fromPod('POD_IPS', 'status.podIPs'),
  ];
}

/** With the API's default written out: what is read back is then what was sent. */
function fromPod(name: string, fieldPath: string): EnvironmentVariable {
  return { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } };
}

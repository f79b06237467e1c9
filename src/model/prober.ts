// SPDX-License-Identifier: Apache-2.0

/** The names of k8s-network-prober's operator, which the dashboards and monitors of its users know. */
export const proberContainerName = 'net-prober';
/** Probers in running pods are numbered: an ephemeral container that has ended stays in its pod. */
export const ephemeralProberName = /^net-prober-[1-9]\d*$/;
export const proberVolumeName = 'net-prober-vol';
export const deployedAnnotation = 'netprober-container-deployed';
export const pingPortName = 'np-ping';
export const metricsPortName = 'np-prometheus';
/** The key of a peer list in the `binaryData` of its ConfigMap, and the name of the file in the sidecar. */
export const peerListKey = 'config.json';

export const defaultPingPort = 19191;
export const defaultMetricsPort = 19192;
export const defaultNeighbours = 10;
/** Milliseconds between two probes of one destination where nobody asks for others. */
export const defaultPeriodMs = 1000;
/** Bounds of that time: a period of seconds written as nanoseconds is told, not obeyed. */
export const shortestPeriodMs = 10;
export const longestPeriodMs = 24 * 60 * 60 * 1000;
/** The most neighbours that can be asked for; 0 is all. */
export const mostNeighbours = 1_000_000;

/** The program of the agent image as a command, for executing in a container that runs it. */
export const agentProgram = ['node', '/agents/netmachinery-agent.js'] as const;

/** The variable by which our container is told from one of the seed's operator, which has none of this name. */
export const neighboursVariable = 'NETMACHINERY_NEIGHBOURS';
/**
 * The variable that says which mesh a prober belongs to: `NAME` (injected by a person; pods of all namespaces with the
 * same name form one mesh) or `NAMESPACE/NAME` (injected for that NetworkProber).
 */
export const meshVariable = 'NETMACHINERY_MESH';
/** The variable that says after how many seconds a prober ends by itself; without it never. */
export const durationVariable = 'NETMACHINERY_DURATION';
/** What is executed in a prober's container to talk to it: `peers BYTES`, `stop` and others of src/agents/control. */
export const controlCommand = ['node', '/agents/netmachinery-agent.js', 'control'] as const;
/** The mesh of `inject` where `--mesh` names no other. */
export const defaultMesh = 'netmachinery';

/** The image of prober and agents: of the plugin where no flag says it, and the controller's default for NetworkProbers. */
export const agentImageVariable = 'NETMACHINERY_AGENT_IMAGE';
/** What NetworkProbers may name as their image besides that: with commas, in the environment of controller and webhook. */
export const allowedImagesVariable = 'NETMACHINERY_ALLOWED_IMAGES';
/** `own` or `cert-manager`, in the environment of the controller. */
export const certificatesVariable = 'NETMACHINERY_CERTIFICATES';
/** Where the agents run. */
export const agentNamespace = 'netmachinery-system';
/** Deployment, service account, Lease and field manager of the program that keeps peer lists, status and certificates. */
export const controllerName = 'netmachinery-prober-controller';
/** Deployment, service account, Service, Secret, PodDisruptionBudget and MutatingWebhookConfiguration of the webhook. */
export const webhookName = 'netmachinery-prober-webhook';
/** ClusterRole of what the controller may do with ConfigMaps; bound by a RoleBinding of this name in each namespace of a mesh. */
export const peerListRole = 'netmachinery-prober-peer-lists';
/** On ConfigMaps of peer lists: `controller` keeps it, or it is `static`. */
export const peerListLabel = 'netmachinery.io/peer-list';
/** Annotation of such a ConfigMap: whose list it is, as `meshVariable` has it. */
export const meshAnnotation = 'netmachinery.io/mesh';
/** On a Namespace, label or annotation: the namespaces (with commas) whose NetworkProbers may select pods here. */
export const allowProberFrom = 'netmachinery.io/allow-prober-from';

/**
 * The ConfigMap that a pod of `namespace` mounts as the peer list of a mesh: the mesh's or NetworkProber's name in its own
 * namespace, and `NAMESPACE.NAME` of a NetworkProber of another one (no namespace has a dot in its name).
 */
export function peerListName(mesh: string, namespace: string): string {
  const [first = '', name] = mesh.split('/');
  if (name === undefined) return first;
  return first === namespace ? name : `${first}.${name}`;
}

export const probeProtocols = ['http', 'tcp', 'icmp'] as const;
export type ProbeProtocol = (typeof probeProtocols)[number];

/** Probes that a prober remembers of each destination and protocol. */
export const rememberedProbes = 128;

/** What one probe found: how long ago it ended, and milliseconds or why it failed (src/agents/prober/probe-result.ts). */
export interface RecentProbe {
  agoMs: number;
  ms?: number;
  failure?: string;
}

export interface RecentDestination {
  namespace: string;
  pod: string;
  /** Empty where the peer list does not tell. */
  node: string;
  ip: string;
  /** It is not in the peer list any more; what was found last is remembered for a minute. */
  left?: true;
  /** Oldest first; at most 128 of each. */
  probes: Partial<Record<ProbeProtocol, RecentProbe[]>>;
}

/** What a prober answers on `/recent` of its metrics port: the probes that it still remembers. */
export interface RecentProbes {
  apiVersion: 'netmachinery.io/v1';
  kind: 'RecentProbes';
  namespace: string;
  pod: string;
  node: string;
  mesh: string;
  periodMs?: number;
  /** Members of the peer list, this prober included where it is one. */
  members: number;
  destinations: RecentDestination[];
}

// SPDX-License-Identifier: Apache-2.0

/**
 * The fields of Kubernetes objects that this project reads, as the API server sends them (raw JSON: the client library's
 * models drop unknown fields and turn times into Dates). Every field that may be absent on the wire is optional.
 */
interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller?: boolean }[];
}

export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
}

export interface SecurityContext {
  runAsUser?: number;
  runAsGroup?: number;
  runAsNonRoot?: boolean;
  allowPrivilegeEscalation?: boolean;
  privileged?: boolean;
  capabilities?: { add?: string[]; drop?: string[] };
  seccompProfile?: { type: string; localhostProfile?: string };
}

interface ContainerPort {
  name?: string;
  containerPort: number;
  protocol?: string;
}

/** What the kubelet does from the node to learn whether a container is well. */
export interface ContainerProbe {
  httpGet?: { host?: string; port: number | string; scheme?: string };
  tcpSocket?: { host?: string; port: number | string };
  grpc?: { port: number };
  timeoutSeconds?: number;
  periodSeconds?: number;
  failureThreshold?: number;
}

export interface Container {
  name: string;
  image?: string;
  imagePullPolicy?: string;
  command?: string[];
  args?: string[];
  env?: { name: string; value?: string }[];
  ports?: ContainerPort[];
  securityContext?: SecurityContext;
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  livenessProbe?: ContainerProbe;
  readinessProbe?: ContainerProbe;
  startupProbe?: ContainerProbe;
  /** Only of init containers: `Always` makes one a sidecar that goes on running (KEP-753). */
  restartPolicy?: string;
}

export interface ContainerStatus {
  name: string;
  ready?: boolean;
  /** Its startup probe, if it has one, has succeeded. */
  started?: boolean;
  state?: {
    waiting?: { reason?: string; message?: string };
    running?: { startedAt?: string };
    terminated?: { exitCode: number; reason?: string; message?: string; finishedAt?: string };
  };
}

export interface Pod extends KubeObject {
  spec: {
    nodeName?: string;
    hostNetwork?: boolean;
    os?: { name: string };
    serviceAccountName?: string;
    imagePullSecrets?: { name: string }[];
    tolerations?: object[];
    dnsPolicy?: string;
    dnsConfig?: object;
    hostAliases?: object[];
    securityContext?: { runAsUser?: number; runAsNonRoot?: boolean };
    shareProcessNamespace?: boolean;
    automountServiceAccountToken?: boolean;
    enableServiceLinks?: boolean;
    restartPolicy?: string;
    activeDeadlineSeconds?: number;
    terminationGracePeriodSeconds?: number;
    readinessGates?: { conditionType: string }[];
    containers: Container[];
    initContainers?: Container[];
    ephemeralContainers?: Container[];
  };
  status?: {
    phase?: string;
    reason?: string;
    message?: string;
    podIP?: string;
    podIPs?: { ip: string }[];
    hostIP?: string;
    hostIPs?: { ip: string }[];
    conditions?: { type: string; status: string; reason?: string; message?: string; lastTransitionTime?: string }[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
    ephemeralContainerStatuses?: ContainerStatus[];
  };
}

export interface Service extends KubeObject {
  spec: {
    type?: string;
    clusterIP?: string;
    clusterIPs?: string[];
    externalName?: string;
    selector?: Record<string, string>;
    publishNotReadyAddresses?: boolean;
    ports?: { name?: string; port: number; protocol?: string; targetPort?: number | string }[];
  };
}

export interface EndpointSlice extends KubeObject {
  addressType: 'IPv4' | 'IPv6' | 'FQDN';
  endpoints?: {
    addresses: string[];
    conditions?: { ready?: boolean; serving?: boolean; terminating?: boolean };
    nodeName?: string;
    targetRef?: { kind?: string; name?: string; namespace?: string };
  }[];
  ports?: { name?: string; port?: number; protocol?: string }[];
}

export interface Node extends KubeObject {
  spec?: {
    unschedulable?: boolean;
    podCIDRs?: string[];
    taints?: { key: string; value?: string; effect: string }[];
  };
  status?: {
    addresses?: { type: string; address: string }[];
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
    nodeInfo?: {
      operatingSystem?: string;
      kernelVersion?: string;
      kubeletVersion?: string;
      containerRuntimeVersion?: string;
    };
    images?: { names?: string[] }[];
  };
}

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/** Deployment, StatefulSet, DaemonSet, ReplicaSet, Job: what owns pods by a selector. */
export interface Workload extends KubeObject {
  spec: { selector?: LabelSelector };
}

/** Pods by label, or addresses; one kind of the two (networking.k8s.io/v1 NetworkPolicyPeer). */
export interface NetworkPolicyPeer {
  podSelector?: LabelSelector;
  namespaceSelector?: LabelSelector;
  ipBlock?: { cidr: string; except?: string[] };
}

export interface NetworkPolicyPort {
  /** TCP where absent. */
  protocol?: string;
  /** A number, or the name of a container port. */
  port?: number | string;
  /** With a number in `port`: the last of a range. */
  endPort?: number;
}

export interface NetworkPolicy extends KubeObject {
  spec: {
    podSelector?: LabelSelector;
    policyTypes?: string[];
    ingress?: { from?: NetworkPolicyPeer[]; ports?: NetworkPolicyPort[] }[];
    egress?: { to?: NetworkPolicyPeer[]; ports?: NetworkPolicyPort[] }[];
  };
}

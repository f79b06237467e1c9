// SPDX-License-Identifier: Apache-2.0
import type { Summary } from './report.js';
import type { Verdict } from './verdict.js';

/** The two kinds of agents: one in the pod network, one in the node's own. */
export const agentNetworks = ['pod', 'host'] as const;
export type AgentNetwork = (typeof agentNetworks)[number];

/** Where an installed check lives: pod-network agents and the server, PodSecurity `restricted`. */
export const checkNamespace = 'netmachinery-check';
/** Where its agents in the nodes' own network live, PodSecurity `privileged`. */
export const checkHostNamespace = 'netmachinery-check-host';
/** DaemonSet, ServiceAccount and container of agents, in both namespaces. */
export const checkAgentName = 'netmachinery-check-agent';
/** Deployment, ServiceAccount, Service, Lease, Secret of the server. */
export const checkServerName = 'netmachinery-check-server';
/** ConfigMap with the settings that may change at run time (`settings.json`), in `checkNamespace`. */
export const checkSettingsName = 'netmachinery-check-settings';
/** ConfigMap with the authority of the server's certificate (`ca.crt`), in both namespaces. */
export const checkAuthorityName = 'netmachinery-check-authority';
/** On everything of a check: `installed`, or the id of a one-shot check. */
export const checkLabel = 'netmachinery.io/check';
/** On agents' pods: `pod` or `host`. */
export const checkNetworkLabel = 'netmachinery.io/check-network';
/** On everything of a one-shot check: who made it, as SelfSubjectReview says, in an annotation. */
export const checkCallerAnnotation = 'netmachinery.io/caller';

/** TCP, UDP and HTTP of agents listen here: installed, and of a one-shot check (which may run beside it on the same node). */
export const agentPorts = { installed: 27090, once: 27091 } as const;
/** The server's API (TLS), its legacy API (plain HTTP), and health and metrics (plain HTTP). */
export const checkServerPorts = { api: 27443, legacy: 8081, health: 27081, metrics: 27080 } as const;
/** The port of the server's Service. */
export const checkServicePort = 443;
/** The audience of agents' tokens. */
export const checkAudience = 'netmachinery-check';

export const defaultIntervalMs = 15_000;
export const defaultNeighbourCount = 10;
/** Zeros in the payload of large probes, as netchecker's `-zeroextenderlength`: N entries are 2 N + 1 bytes of JSON. */
export const defaultPayloadEntries = 1500;

/** What agents do, and how often; may change while they run. */
export interface CheckSettings {
  intervalMs: number;
  /** Next members on the ring; 0: all. */
  neighbours: number;
  payloadEntries: number;
  /** A name outside of the cluster that DNS pods are asked for; none unless asked. */
  externalName?: string | undefined;
  /** Further URLs that each agent gets. */
  urls: string[];
}

/** Until somebody says otherwise. */
export const defaultCheckSettings: CheckSettings = {
  intervalMs: defaultIntervalMs,
  neighbours: defaultNeighbourCount,
  payloadEntries: defaultPayloadEntries,
  urls: [],
};

export const checkProbes = ['icmp', 'tcp', 'udp', 'http', 'large', 'mtu', 'dns'] as const;
/**
 * `icmp` echo; `tcp` connect; `udp` echo; `http` GET until the whole answer; `large` POST of the payload until it is answered; `mtu` echo with DF as
 * large as the interface allows (RFC 1191); `dns` a query.
 */
export type CheckProbe = (typeof checkProbes)[number];

/** Why a probe failed, a closed list. `unsupported`: this agent cannot make it (no ICMP). */
export const checkFailures = [
  'timeout',
  'refused',
  'unreachable',
  'reset',
  'tooBig',
  'nameNotFound',
  'status',
  'certificate',
  'other',
  'unsupported',
] as const;
export type CheckFailure = (typeof checkFailures)[number];

/** What a target stands for. `server` is, in a one-shot check, the Service of the pod-network agents. */
export type TargetKind = 'agent' | 'server' | 'api' | 'dns' | 'external' | 'url';
/** How a Service is reached: by its name, its virtual address, or one endpoint. */
export type TargetVia = 'name' | 'virtual' | 'endpoint';

/** What an agent is to reach in each round. */
export interface CheckTarget {
  kind: TargetKind;
  /** Of agents and endpoints. */
  node?: string | undefined;
  /** Of agents. */
  network?: AgentNetwork | undefined;
  /** Of endpoints and agents. */
  pod?: string | undefined;
  via?: TargetVia | undefined;
  /** An address; not of what is reached by a name. */
  address?: string | undefined;
  /** The name to resolve: with `via: 'name'`, and what a DNS server is asked for. */
  host?: string | undefined;
  port?: number | undefined;
  /** HTTPS: the agent speaks TLS and does not look at the certificate. */
  tls?: boolean | undefined;
  url?: string | undefined;
  probes: CheckProbe[];
}

/** A time in ms, or why there is none. */
export type ProbeValue = number | CheckFailure;

/** What one round found of one target: the target without its probes, and a value for each. */
export interface TargetOutcome extends Omit<CheckTarget, 'probes'> {
  values: Partial<Record<CheckProbe, ProbeValue>>;
  /** Bytes of the IP packets of `mtu`. */
  mtuBytes?: number | undefined;
  /** One line of the first failure, where its word says too little: `status 503`, `ENOENT ...`. */
  detail?: string | undefined;
}

export interface AgentInterface {
  name: string;
  mtu: number;
  /** In CIDR notation. */
  addresses: string[];
  rxErrors: number;
  txErrors: number;
  rxDropped: number;
  txDropped: number;
}

/** Who an agent is. */
export interface AgentIdentity {
  node: string;
  network: AgentNetwork;
  namespace: string;
  pod: string;
  ips: string[];
}

/** What an agent tells of one round: the body of POST /api/v2/agents/POD, and what `check-round` prints. */
export interface AgentReport {
  apiVersion: 'netmachinery.io/v1';
  kind: 'CheckAgentReport';
  agent: AgentIdentity;
  intervalMs: number;
  payloadEntries: number;
  /** The agent's own clock, RFC 3339, when it sent this. */
  hostDate: string;
  /** RFC 3339, of the round. */
  startedAt: string;
  durationMs: number;
  uptimeSeconds: number;
  kernel: string;
  interfaces: AgentInterface[];
  resolver: { nameservers: string[]; search: string[] };
  outcomes: TargetOutcome[];
  /**
   * Who was heard in the last 1.5 intervals (one shot: 60 s): UDP echo requests and TCP connections that came in, by remote address (IPv4, or IPv6
   * in its canonical form). What A sent to B failed although B heard A: the way back is broken.
   */
  heard?: { address: string; udp: number; tcp: number }[] | undefined;
}

/** The answer to a report: what the next round is. */
export interface AgentOrders {
  settings: CheckSettings;
  targets: CheckTarget[];
}

export type AgentState = 'OK' | 'Outdated' | 'Absent';

/** One agent that is expected, and how it is. */
export interface CheckAgent {
  network: AgentNetwork;
  state: AgentState;
  /** Why it is not OK, one line: `pod Pending: 0/2 nodes ...`, `node NotReady`, `cordoned`, `silent`. */
  cause?: string | undefined;
  /** The pod that reports, or should. */
  pod?: string | undefined;
  /** RFC 3339, the server's clock (one shot: ours) at receipt; may lag after a restart of the server. */
  lastReport?: string | undefined;
  /** `lastReport` was read back after a restart and may be older than the truth. */
  lags?: boolean | undefined;
  kernel?: string | undefined;
  uptimeSeconds?: number | undefined;
  /** The agent's clock minus the server's, in ms; what the way of a report takes is in it. */
  clockSkewMs?: number | undefined;
  interfaces?: AgentInterface[] | undefined;
  resolver?: AgentReport['resolver'] | undefined;
}

export interface CheckNode {
  name: string;
  /** The worst of its agents. */
  state: AgentState;
  agents: CheckAgent[];
  /** Facts of the Node that explain: `NotReady: kubelet stopped`, `cordoned`. */
  condition?: string | undefined;
}

/** What agents of one node found of agents of another (or of their own), all networks and probes together. */
export interface CheckCell {
  source: string;
  destination: string;
  verdict: Verdict;
  /** Probes of the window, without those that are unsupported. */
  sent: number;
  failed: number;
  /** Of icmp, tcp and udp; p95 only from 20 samples on. */
  p50Ms?: number | undefined;
  p95Ms?: number | undefined;
  maxMs?: number | undefined;
}

export const findingKinds = [
  'agentAbsent',
  'agentOutdated',
  'nodeIsolated',
  'direction',
  'crossNode',
  'podNetwork',
  'hostNetwork',
  'largePackets',
  'port',
  'pair',
  'dnsServer',
  'dns',
  'virtualAddress',
  'serviceName',
  'endpoint',
  'apiServer',
  'externalName',
  'url',
  'clock',
] as const;
/**
 * What is broken, by its shape: one node reaches nobody and nobody reaches it (`nodeIsolated`); packets of one direction between two nodes
 * (`direction`); everything between nodes (`crossNode`); between nodes in the pod network alone (`podNetwork`) or in that of hosts (`hostNetwork`); only
 * packets that are large (`largePackets`); only some protocols of agents (`port`); some pairs in no better known shape (`pair`); one DNS server of several
 * (`dnsServer`) or all for somebody (`dns`); only the virtual address, on some nodes: kube-proxy (`virtualAddress`); only the name (`serviceName`); one
 * endpoint of the server (`endpoint`); the API server; names and URLs outside; a node's clock (a warning).
 */
export type FindingKind = (typeof findingKinds)[number];

/** One distinct thing that is wrong, with its place. */
export interface CheckFinding {
  kind: FindingKind;
  /** `warning` does not change the verdict. */
  severity: 'failure' | 'warning' | 'unknown';
  /** Nodes that it is about; of a direction the source first. */
  nodes: string[];
  /** One line that names what, where and between whom. */
  message: string;
  /** What a person may do next. */
  hint?: string | undefined;
  /** Probes that are explained by it. */
  failed: number;
}

/** One thing that is checked beside agents, for tables and JUnit: `DNS pod coredns-1`, `API server`, by node where it fails. */
export interface CheckService {
  kind: Exclude<TargetKind, 'agent'>;
  /** `server by name`, `DNS 198.18.0.10 (coredns-abc on node1)`, ... */
  label: string;
  verdict: Verdict;
  sent: number;
  failed: number;
  /** Nodes from which it failed. */
  failedFrom: string[];
  p50Ms?: number | undefined;
  maxMs?: number | undefined;
}

/** When something was not well. */
export interface CheckOutage {
  node: string;
  network: AgentNetwork;
  state: 'Outdated' | 'Absent';
  /** RFC 3339. */
  from: string;
  to?: string | undefined;
  cause?: string | undefined;
}

/** The contract of `check -o json` and of GET /api/v2/status; schema plugins-manifest/schemas/check.v1.json. */
export interface CheckReport {
  apiVersion: 'netmachinery.io/v1';
  kind: 'CheckReport';
  mode: 'once' | 'installed';
  /** RFC 3339. */
  startedAt: string;
  durationMs: number;
  settings: CheckSettings;
  /** Bytes of the payload of large probes. */
  payloadBytes: number;
  verdict: Verdict;
  /** Of cells, services and agents, each of which is one test. */
  summary: Summary;
  warnings: string[];
  nodes: CheckNode[];
  matrix: CheckCell[];
  services: CheckService[];
  findings: CheckFinding[];
  /** Newest first, at most 20 a node; none of a one-shot check. */
  outages: CheckOutage[];
  /** The unauthenticated API of netchecker is served (`check install --legacy-api`). */
  legacyApi?: boolean | undefined;
}

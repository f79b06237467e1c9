// SPDX-License-Identifier: Apache-2.0
import type { CheckInput, KnownAgent } from '../../../src/connectivity/check-report.js';
import type { ExpectedNode } from '../../../src/connectivity/expected.js';
import type { Roster } from '../../../src/connectivity/roster.js';
import { targetsOf } from '../../../src/connectivity/targets.js';
import type {
  AgentIdentity,
  AgentNetwork,
  AgentReport,
  CheckFailure,
  CheckProbe,
  CheckSettings,
  CheckTarget,
  ProbeValue,
  TargetOutcome,
} from '../../../src/model/check.js';

/** One packet, or all of one kind, on its way. */
export interface Packet {
  from: { node: string; network: AgentNetwork };
  /** No node: behind a virtual address. */
  to: { node: string | undefined; network: AgentNetwork; address: string };
  protocol: 'icmp' | 'tcp' | 'udp';
  /** Of the server side: of an answer it is the port that it comes from. */
  port: number;
  isAnswer: boolean;
  bytes: number;
  via: CheckTarget['via'];
  kind: CheckTarget['kind'];
}

export interface Breakage {
  drops?: (packet: Packet) => boolean;
  /** Agents that do not run, as `node/network`: nobody hears of them, and their program answers nobody. */
  stopped?: readonly string[];
  /** Why, and how late they are. */
  lateness?: { state: 'Outdated' | 'Absent'; cause: string };
  /** Nodes of which no report arrives though agents run there. */
  unheard?: readonly string[];
  conditions?: Readonly<Record<string, string>>;
  clockSkewMs?: Readonly<Record<string, number>>;
  deadAddresses?: readonly string[];
}

export interface ClusterShape {
  nodes: number;
  networks?: readonly AgentNetwork[];
  isDualStack?: boolean;
  neighbours?: number;
  externalName?: string;
  urls?: string[];
  /** Agents tell what their servers got. */
  tellsHeard?: boolean;
}

export const startedAt = '2026-11-22T13:00:00.000Z';
const agentPort = 27_090;

const podIp = (index: number): string => `198.18.${index}.7`;
const podIp6 = (index: number): string => `2001:2:0:${index}::7`;
export const hostIp = (index: number): string => `198.19.0.${index}`;
const hostIp6 = (index: number): string => `2001:2:0:ff00::${index}`;

export function settingsOf({ neighbours = 10, externalName, urls = [] }: ClusterShape): CheckSettings {
  return { intervalMs: 15_000, neighbours, payloadEntries: 1500, externalName, urls };
}

export function rosterOf({ nodes, networks = ['pod', 'host'], isDualStack = false }: ClusterShape): Roster {
  const agents = Array.from({ length: nodes }, (_, index) => index + 1).flatMap((number) =>
    networks.map((network): AgentIdentity => {
      const ips = network === 'pod' ? [podIp(number), podIp6(number)] : [hostIp(number), hostIp6(number)];
      return {
        node: `node${number}`,
        network,
        namespace: network === 'pod' ? 'netmachinery-check' : 'netmachinery-check-host',
        pod: `netmachinery-check-agent-${network}${number}`,
        ips: isDualStack ? ips : ips.slice(0, 1),
      };
    }),
  );
  const second = Math.min(2, nodes);
  return {
    agents,
    agentPort,
    server: {
      host: 'netmachinery-check-server.netmachinery-check.svc',
      virtual: ['198.18.255.20'],
      port: 443,
      endpoints: [
        { address: '198.18.1.9', port: 27_443, node: 'node1', pod: 'netmachinery-check-server-a' },
        {
          address: `198.18.${second}.${nodes === 1 ? 8 : 9}`,
          port: 27_443,
          node: `node${second}`,
          pod: 'netmachinery-check-server-b',
        },
      ],
      tls: true,
    },
    api: {
      host: 'kubernetes.default.svc',
      virtual: ['198.18.255.1'],
      port: 443,
      endpoints: [{ address: hostIp(1), port: 6443 }],
    },
    dns: {
      host: 'kube-dns.kube-system.svc',
      virtual: ['198.18.255.10'],
      port: 53,
      endpoints: [
        { address: '198.18.1.5', port: 53, node: 'node1', pod: 'coredns-a' },
        { address: `198.18.${second}.6`, port: 53, node: `node${second}`, pod: 'coredns-b' },
      ],
    },
    clusterName: 'kubernetes.default.svc.cluster.local.',
  };
}

const protocolOf: Readonly<Record<CheckProbe, Packet['protocol']>> = {
  icmp: 'icmp',
  mtu: 'icmp',
  tcp: 'tcp',
  http: 'tcp',
  large: 'tcp',
  udp: 'udp',
  dns: 'udp',
};

/** What the agents of such a cluster tell when it is broken in such a way: a probe works where its request and its answer arrive. */
export function simulated(shape: ClusterShape, breakage: Breakage = {}): CheckInput {
  const { tellsHeard = true } = shape;
  const { stopped = [], unheard = [], lateness, conditions = {}, clockSkewMs = {} } = breakage;
  const roster = rosterOf(shape);
  const settings = settingsOf(shape);
  const heard = new Map<string, Map<string, { udp: number; tcp: number }>>();
  const isStopped = (agent: Pick<AgentIdentity, 'node' | 'network'>) =>
    stopped.includes(`${agent.node}/${agent.network}`);
  const reports = new Map<AgentIdentity, AgentReport>();
  for (const agent of roster.agents) {
    if (isStopped(agent)) continue;
    const round = new Round(agent, roster, breakage, heard);
    reports.set(agent, round.report(targetsOf(roster, agent, settings), settings));
  }
  const agents = roster.agents.map((agent): KnownAgent => {
    const { node, network } = agent;
    const isLate = isStopped(agent) || unheard.includes(node);
    const { state, cause } = lateness ?? { state: 'Outdated', cause: 'silent' };
    const report = reports.get(agent);
    const heardByIt = [...(heard.get(`${node}/${network}`) ?? [])];
    if (report !== undefined && tellsHeard) {
      report.heard = heardByIt.map(([address, counts]) => ({ address, ...counts }));
    }
    const skewMs = clockSkewMs[node];
    return {
      node,
      network,
      agent: {
        network,
        state: isLate ? state : 'OK',
        ...(isLate ? { cause } : { lastReport: startedAt }),
        pod: agent.pod,
        ...(skewMs === undefined ? {} : { clockSkewMs: skewMs }),
      },
      reports: report === undefined || isLate ? [] : [report],
    };
  });
  const nodes = Array.from({ length: shape.nodes }, (_, index): ExpectedNode => {
    const name = `node${index + 1}`;
    const condition = conditions[name];
    return { name, isReady: condition === undefined, isCordoned: false, condition };
  });
  return { mode: 'installed', startedAt, durationMs: 0, settings, nodes, agents, outages: [], warnings: [] };
}

/** What agents tell, with what `change` makes of each outcome of the agents of `source`. */
export function retold(
  input: CheckInput,
  change: (outcome: TargetOutcome, source: AgentIdentity) => Partial<TargetOutcome>,
): CheckInput {
  const agents = input.agents.map((known) => ({
    ...known,
    reports: known.reports.map((report) => ({
      ...report,
      outcomes: report.outcomes.map((outcome) => ({ ...outcome, ...change(outcome, report.agent) })),
    })),
  }));
  return { ...input, agents };
}

class Round {
  constructor(
    private readonly agent: AgentIdentity,
    private readonly roster: Roster,
    private readonly breakage: Breakage,
    private readonly heard: Map<string, Map<string, { udp: number; tcp: number }>>,
  ) {}

  report(targets: CheckTarget[], settings: CheckSettings): AgentReport {
    return {
      apiVersion: 'netmachinery.io/v1',
      kind: 'CheckAgentReport',
      agent: this.agent,
      intervalMs: settings.intervalMs,
      payloadEntries: settings.payloadEntries,
      hostDate: startedAt,
      startedAt,
      durationMs: 900,
      uptimeSeconds: 86_400,
      kernel: '6.1.0',
      interfaces: [],
      resolver: { nameservers: ['198.18.255.10'], search: [] },
      outcomes: targets.map(({ probes, ...target }) => ({
        ...target,
        ...(probes.includes('mtu') ? { mtuBytes: 1500 } : {}),
        values: Object.fromEntries(probes.map((probe) => [probe, this.#value(target, probe)])),
      })),
    };
  }

  #value(target: Omit<CheckTarget, 'probes'>, probe: CheckProbe): ProbeValue {
    const failure = target.via === 'name' ? this.#byName(target, probe) : this.#attempt(target, probe);
    return failure ?? 0.4;
  }

  /** The cluster's DNS by its virtual address first, then the Service's. */
  #byName(target: Omit<CheckTarget, 'probes'>, probe: CheckProbe): CheckFailure | undefined {
    const dns = this.#attempt({ kind: 'dns', via: 'virtual', address: '198.18.255.10', port: 53 }, 'dns');
    const service = target.kind === 'server' ? this.roster.server : this.roster.api;
    if (dns !== undefined) return 'nameNotFound';
    return this.#attempt({ ...target, via: 'virtual', address: service?.virtual[0] }, probe);
  }

  #attempt(target: Omit<CheckTarget, 'probes'>, probe: CheckProbe): CheckFailure | undefined {
    const { drops = () => false, stopped = [], deadAddresses = [] } = this.breakage;
    const { address = '', port = 0, kind, via } = target;
    const from = { node: this.agent.node, network: this.agent.network };
    const hostAgent = this.roster.agents.find(({ network, ips }) => network === 'host' && ips.includes(address));
    const to = {
      node: target.node ?? hostAgent?.node,
      network: target.network ?? (hostAgent === undefined ? ('pod' as const) : ('host' as const)),
      address,
    };
    const bytes = probe === 'large' || probe === 'mtu' ? 1500 : 100;
    const common = { protocol: protocolOf[probe], port, kind, via };
    const isStopped = kind === 'agent' && stopped.includes(`${to.node ?? ''}/${to.network}`);
    if (deadAddresses.includes(address)) return 'timeout';
    if (drops({ ...common, from, to, bytes, isAnswer: false })) return 'timeout';
    if (kind === 'agent' && !isStopped && to.node !== undefined) this.#tell(`${to.node}/${to.network}`, probe);
    // A program that is stopped, not gone: its kernel goes on to answer echoes and to accept connections.
    if (isStopped && probe !== 'icmp' && probe !== 'mtu' && probe !== 'tcp') return 'timeout';
    if (to.node === undefined) return undefined;
    const back = { node: to.node, network: to.network };
    const there = { ...from, address: this.agent.ips[0] ?? '' };
    const isDropped = drops({ ...common, from: back, to: there, bytes: probe === 'mtu' ? 1500 : 100, isAnswer: true });
    return isDropped ? 'timeout' : undefined;
  }

  #tell(listener: string, probe: CheckProbe): void {
    if (probe !== 'udp') return;
    const own = this.heard.get(listener) ?? new Map<string, { udp: number; tcp: number }>();
    this.heard.set(listener, own);
    own.set(this.agent.ips[0] ?? '', { udp: 1, tcp: 0 });
  }
}

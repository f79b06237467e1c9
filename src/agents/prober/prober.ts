// SPDX-License-Identifier: Apache-2.0
import type { ProbeProtocol } from '../../model/prober.js';
import { destinationsOf } from './destinations.js';
import type { ProberEnvironment } from './environment.js';
import { httpProbe } from './http-probe.js';
import { icmpProbes, icmpWorks } from './icmp-probe.js';
import { ProberMetrics } from './metrics.js';
import { startMetricsServer, type MetricsPages } from './metrics-server.js';
import { PeerListFile } from './peer-list-file.js';
import type { Member, PeerList } from './peer-list.js';
import { startPingServer } from './ping-server.js';
import type { ProbeResult } from './probe-result.js';
import { RecentMemory } from './recent.js';
import { Schedule } from './schedule.js';

/** Longest time that a probe may take, in milliseconds; a shorter period is the limit itself. */
const longestProbeMs = 2000;
/** Longest time between two looks at the peer list, also with long periods, and the time while there is none. */
const longestLookMs = 10_000;
const firstLookMs = 1000;
/** Kubernetes' own grace is 30 s; k8s-network-prober's was 10 s. */
const graceMs = 9000;

export interface ProberOptions {
  environment: ProberEnvironment;
  /** The address to listen on; all of them where it is not set. */
  host?: string;
  /** Takes one line for the log of the container. */
  log: (line: string) => void;
}

export interface RunningProber {
  readonly pingPort: number;
  readonly prometheusPort: number;
  /** Ends probing at once, and the servers within 10 s. */
  stop(): Promise<void>;
}

/** Starts to answer and to probe. Throws Failure when a port cannot be had. */
export async function startProber({ environment, host, log }: ProberOptions): Promise<RunningProber> {
  const { own } = environment;
  const metrics = new ProberMetrics(own);
  const memory = new RecentMemory();
  const file = new PeerListFile(environment.configFile, own.namespace);
  const hasIcmp = await icmpWorks();
  if (!hasIcmp) log('no ICMP probes: fping is not there or may not send echo requests');

  let destinations = new Map<string, Member>();
  let list: PeerList | undefined;
  const timeoutMs = (): number => Math.min(list?.periodMs ?? longestProbeMs, longestProbeMs);
  const onStart = (delaySeconds: number, missed: number): void => metrics.started(delaySeconds, missed);

  const observe = (protocol: ProbeProtocol, member: Member, result: ProbeResult): void => {
    metrics.observe(protocol, member, result);
    memory.observe(protocol, member, result);
  };
  const connecting = new Schedule<Member>({
    onStart,
    run: async (member, signal) => {
      const { tcp, http } = await httpProbe(member.ip, member.port, timeoutMs(), signal);
      // A member that left meanwhile has no series any more.
      if (signal.aborted) return;
      observe('tcp', member, tcp);
      observe('http', member, http);
    },
  });
  // A turn lasts as long as its addresses: one that ends by itself is started again in the next period.
  const echoing = new Schedule<string[]>({
    onStart: () => undefined,
    run: (addresses, signal) =>
      icmpProbes({ addresses, periodMs: list?.periodMs ?? 0, timeoutMs: timeoutMs(), onResult: onEcho }, signal),
  });
  const onEcho = (address: string, result: ProbeResult): void => {
    for (const member of destinations.values()) if (member.ip === address) observe('icmp', member, result);
  };

  const apply = (next: PeerList): void => {
    list = next;
    const previous = destinations;
    destinations = destinationsOf(own, next.members, environment.neighbours);
    connecting.update(next.periodMs, destinations);
    const addresses = [...new Set([...destinations.values()].map(({ ip }) => ip))];
    if (hasIcmp) echoing.update(next.periodMs, new Map([[JSON.stringify([next.periodMs, addresses]), addresses]]));
    for (const [key, member] of previous) if (!destinations.has(key)) metrics.forget(member);
    memory.list(destinations.values());
    metrics.listed(next.members.length, destinations.size);
    log(`peer list: ${next.members.length} members, ${destinations.size} to probe every ${next.periodMs} ms`);
  };
  let looking: NodeJS.Timeout | undefined;
  const look = (): void => {
    const refresh = file.refresh();
    if (refresh.kind === 'changed') apply(refresh.list);
    if (refresh.kind === 'failed') {
      metrics.listFailed();
      if (refresh.isNew) log(refresh.message);
    }
    looking = setTimeout(look, list === undefined ? firstLookMs : Math.min(list.periodMs, longestLookMs));
  };

  const ping = await startPingServer(environment.httpPort, host);
  const pages: MetricsPages = {
    metrics,
    isReady: () => list !== undefined,
    recent: (query) => ({
      apiVersion: 'netmachinery.io/v1',
      kind: 'RecentProbes',
      namespace: own.namespace,
      pod: own.pod,
      node: own.node,
      mesh: own.mesh,
      ...(list === undefined ? {} : { periodMs: list.periodMs }),
      members: list?.members.length ?? 0,
      destinations: memory.recent(query),
    }),
  };
  const prometheus = await startMetricsServer(pages, environment.prometheusPort, host).catch(
    async (thrown: unknown) => {
      await ping.close(0);
      throw thrown;
    },
  );
  look();
  return {
    pingPort: ping.port,
    prometheusPort: prometheus.port,
    stop: async () => {
      clearTimeout(looking);
      connecting.stop();
      echoing.stop();
      await Promise.all([ping.close(graceMs), prometheus.close(graceMs)]);
    },
  };
}

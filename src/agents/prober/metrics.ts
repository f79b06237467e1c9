// SPDX-License-Identifier: Apache-2.0
import { Counter, exponentialBuckets, Gauge, Histogram, Registry } from 'prom-client';
import { probeProtocols, type ProbeProtocol } from '../../model/prober.js';
import type { Identity } from './environment.js';
import type { Member } from './peer-list.js';
import { failureReasons, type ProbeResult } from './probe-result.js';

/** Labels of both ends of a probe. */
const pairLabels = [
  'protocol',
  'source_namespace',
  'source_pod',
  'source_node',
  'destination_namespace',
  'destination_pod',
  'destination_node',
] as const;

/** 10 µs to 167.8 s: the buckets of k8s-network-prober. */
const seedBuckets = exponentialBuckets(0.00001, 2, 25);
/** 50 µs to 6.6 s: more than the longest time limit. */
const durationBuckets = exponentialBuckets(0.00005, 2, 18);
/** 100 µs to 1.6 s. */
const delayBuckets = exponentialBuckets(0.0001, 2, 15);

/** The metrics of one prober. */
export class ProberMetrics {
  private readonly registry = new Registry();
  private readonly registers = [this.registry];

  private readonly interpodLatency = new Histogram({
    name: 'netprober_interpod_latency_s',
    help: 'Seconds until the head of the HTTP response, under the name that k8s-network-prober gave it',
    labelNames: ['dest_pod_name', 'dest_ip'] as const,
    buckets: seedBuckets,
    registers: this.registers,
  });
  private readonly duration = new Histogram({
    name: 'netmachinery_probe_duration_seconds',
    help: 'Time that a probe took: http until the head of the response, tcp until connected, icmp until the echo reply',
    labelNames: pairLabels,
    buckets: durationBuckets,
    registers: this.registers,
  });
  private readonly failures = new Counter({
    name: 'netmachinery_probe_failures_total',
    help: `Probes that failed, by reason: ${failureReasons.join(', ')}`,
    labelNames: [...pairLabels, 'reason'] as const,
    registers: this.registers,
  });
  private readonly schedulingDelay = new Histogram({
    name: 'netmachinery_prober_scheduling_delay_seconds',
    help: 'How late probes started; latencies that are not well above this may be of the prober, not of the network',
    buckets: delayBuckets,
    registers: this.registers,
  });
  private readonly missed = new Counter({
    name: 'netmachinery_prober_missed_probes_total',
    help: 'Probes left out because the one before to the same destination was still running',
    registers: this.registers,
  });
  private readonly destinations = new Gauge({
    name: 'netmachinery_prober_destinations',
    help: 'Members that this prober probes',
    registers: this.registers,
  });
  private readonly members = new Gauge({
    name: 'netmachinery_prober_members',
    help: 'Members of the peer list, this prober included where it is one',
    registers: this.registers,
  });
  private readonly listFailures = new Counter({
    name: 'netmachinery_prober_peer_list_failures_total',
    help: 'Looks at the peer list that could not read or understand it; the last good one stays in use',
    registers: this.registers,
  });

  constructor(private readonly own: Identity) {}

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** Counts one probe: a latency in the histograms, or a failure by its reason. */
  observe(protocol: ProbeProtocol, member: Member, result: ProbeResult): void {
    const labels = this.labels(protocol, member);
    if ('failure' in result) {
      this.failures.inc({ ...labels, reason: result.failure });
      return;
    }
    this.duration.observe(labels, result.seconds);
    if (protocol === 'http') this.interpodLatency.observe(seedLabels(member), result.seconds);
  }

  /** Removes all series of a member that left, so that it does not stay in dashboards for ever. */
  forget(member: Member): void {
    this.interpodLatency.remove(seedLabels(member));
    for (const protocol of probeProtocols) {
      const labels = this.labels(protocol, member);
      this.duration.remove(labels);
      for (const reason of failureReasons) this.failures.remove({ ...labels, reason });
    }
  }

  started(delaySeconds: number, missed: number): void {
    this.schedulingDelay.observe(delaySeconds);
    if (missed > 0) this.missed.inc(missed);
  }

  listed(members: number, destinations: number): void {
    this.members.set(members);
    this.destinations.set(destinations);
  }

  listFailed(): void {
    this.listFailures.inc();
  }

  private labels(protocol: ProbeProtocol, member: Member): Record<(typeof pairLabels)[number], string> {
    return {
      protocol,
      source_namespace: this.own.namespace,
      source_pod: this.own.pod,
      source_node: this.own.node,
      destination_namespace: member.namespace,
      destination_pod: member.pod,
      destination_node: member.node,
    };
  }
}

function seedLabels(member: Member): { dest_pod_name: string; dest_ip: string } {
  return { dest_pod_name: member.key, dest_ip: member.ip };
}

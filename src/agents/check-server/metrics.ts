// SPDX-License-Identifier: Apache-2.0
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import {
  checkProbes,
  type AgentNetwork,
  type AgentReport,
  type CheckProbe,
  type TargetKind,
} from '../../model/check.js';

/** 100 µs to 6.5 s. */
const probeBuckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 6.5];
const handlingBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** The metrics of one server that are counted as things happen; those of single agents are written when they are asked for. */
export class CheckServerMetrics {
  private readonly registry = new Registry();
  private readonly registers = [this.registry];
  /** Those of a series that was seen: looking one up by its labels takes longer than counting. */
  private readonly seconds = new Map<string, Histogram.Internal<'network' | 'target' | 'probe'>>();

  private readonly leader = new Gauge({
    name: 'netmachinery_check_leader',
    help: '1 while this replica leads, else 0',
    registers: this.registers,
  });
  private readonly reports = new Counter({
    name: 'netmachinery_check_reports_total',
    help: 'Reports that were taken over, by the network of the agent',
    labelNames: ['network'] as const,
    registers: this.registers,
  });
  private readonly probeSeconds = new Histogram({
    name: 'netmachinery_check_probe_seconds',
    help: 'Time of probes that went well, as agents have reported it',
    labelNames: ['network', 'target', 'probe'] as const,
    buckets: probeBuckets,
    registers: this.registers,
  });
  private readonly handling = new Histogram({
    name: 'netmachinery_check_report_handling_seconds',
    help: 'Time that the answer to a report took, from its head on',
    buckets: handlingBuckets,
    registers: this.registers,
  });
  private readonly writes = new Counter({
    name: 'netmachinery_check_writes_total',
    help: 'Writes of CheckAgents to the Kubernetes API, by result: ok, failed',
    labelNames: ['result'] as const,
    registers: this.registers,
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.leads(false);
    // Rates need a series that begins with 0.
    for (const result of ['ok', 'failed'] as const) this.writes.inc({ result }, 0);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  leads(isLeader: boolean): void {
    this.leader.set(isLeader ? 1 : 0);
  }

  written(result: 'ok' | 'failed'): void {
    this.writes.inc({ result });
  }

  handled(seconds: number): void {
    this.handling.observe(seconds);
  }

  reported({ agent: { network }, outcomes }: AgentReport): void {
    this.reports.inc({ network });
    for (const { kind, values } of outcomes) {
      for (const probe of checkProbes) {
        const value = values[probe];
        if (typeof value === 'number') this.series(network, kind, probe).observe(value / 1000);
      }
    }
  }

  private series(network: AgentNetwork, target: TargetKind, probe: CheckProbe) {
    const key = `${network} ${target} ${probe}`;
    let series = this.seconds.get(key);
    if (series === undefined) {
      series = this.probeSeconds.labels({ network, target, probe });
      this.seconds.set(key, series);
    }
    return series;
  }
}

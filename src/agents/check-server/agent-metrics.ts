// SPDX-License-Identifier: Apache-2.0
import type { AgentState, CheckReport } from '../../model/check.js';
import type { AgentBook } from './agent-book.js';
import type { Judge } from './judge.js';
import { inSlices } from './slices.js';
import type { World } from './world.js';

/** Nodes with which there are metrics of each pair of them. */
const mostPairNodes = 100;
const verdicts = ['pass', 'fail', 'inconclusive', 'unsupported', 'error'] as const;
const states: readonly AgentState[] = ['OK', 'Outdated', 'Absent'];

type Labels = Readonly<Record<string, string>>;

/** One metric in Prometheus' text format. */
class Family {
  private readonly lines: string[] = [];

  constructor(
    private readonly name: string,
    private readonly help: string,
    private readonly type: 'gauge' | 'counter',
  ) {}

  add(labels: Labels, value: number): void {
    const words = Object.entries(labels).map(([name, text]) => `${name}="${escaped(text)}"`);
    this.lines.push(`${this.name}{${words.join(',')}} ${value}\n`);
  }

  get text(): string {
    return `# HELP ${this.name} ${this.help}\n# TYPE ${this.name} ${this.type}\n${this.lines.join('')}`;
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}

/**
 * The metrics of agents, of pairs of nodes and of what is found, as they are now. Written here, in slices, and not by the
 * library: its page of a thousand agents would keep reports waiting. Where the cluster cannot be judged, what follows from that is
 * left out.
 */
export async function agentMetrics(book: AgentBook, world: World, judge: Judge): Promise<string> {
  const report = await judge.reportIfAny();
  const name = (rest: string): string => `netmachinery_check_${rest}`;
  const up = new Family(name('agent_up'), '1 while the agent reports, else 0', 'gauge');
  const age = new Family(name('last_report_age_seconds'), 'Time since the last report of the agent', 'gauge');
  const missed = new Family(
    name('missed_reports_total'),
    'Intervals without a report, from the third in a row on',
    'counter',
  );
  const probes = new Family(name('probes_total'), 'Probes that agents have made, by outcome', 'counter');
  const failed = new Family(name('pair_failed'), 'Probes between two nodes that failed in the last round', 'gauge');
  const skew = new Family(name('clock_skew_seconds'), 'Clock of the node minus that of the server', 'gauge');
  const nowMs = performance.now();
  const hasPairs = world.expected.length <= mostPairNodes;
  const counts = new Map<string, number>();
  for await (const { name: node } of inSlices(world.expected)) {
    const pairs = new Map<string, number>();
    let skewMs: number | undefined;
    for (const network of world.settings.networks) {
      const entry = book.entries.get(`${node}/${network}`);
      const state = entry?.record.state ?? 'Absent';
      counts.set(`${network} ${state}`, (counts.get(`${network} ${state}`) ?? 0) + 1);
      up.add({ node, network }, state === 'OK' ? 1 : 0);
      if (entry === undefined) continue;
      if (entry.heardMs !== undefined) age.add({ node, network }, (nowMs - entry.heardMs) / 1000);
      missed.add({ node, network }, entry.record.missed);
      skewMs ??= entry.record.clockSkewMs;
      for (const [key, { ok, failed: not }] of entry.probes) {
        const [target = '', probe = ''] = key.split(' ');
        probes.add({ node, network, target, probe, outcome: 'ok' }, ok);
        probes.add({ node, network, target, probe, outcome: 'failed' }, not);
      }
      for (const [to, count] of entry.failedPairs) pairs.set(to, (pairs.get(to) ?? 0) + count);
    }
    if (skewMs !== undefined) skew.add({ node }, skewMs / 1000);
    if (hasPairs) for (const [destination, count] of pairs) failed.add({ source: node, destination }, count);
  }
  const agents = new Family(name('agents'), 'Agents that are expected, by state', 'gauge');
  for (const network of world.settings.networks) {
    for (const state of states) agents.add({ network, state }, counts.get(`${network} ${state}`) ?? 0);
  }
  const perAgent = [agents, up, age, missed, probes, failed, skew];
  return [...perAgent, ...(report === undefined ? [] : ofReport(report, hasPairs))].map(({ text }) => text).join('');
}

function ofReport(report: CheckReport, hasPairs: boolean): Family[] {
  const rtt = new Family('netmachinery_check_pair_rtt_seconds', 'Round trips between two nodes', 'gauge');
  for (const { source, destination, p50Ms, p95Ms } of hasPairs ? report.matrix : []) {
    if (p50Ms !== undefined) rtt.add({ source, destination, quantile: '0.5' }, p50Ms / 1000);
    if (p95Ms !== undefined) rtt.add({ source, destination, quantile: '0.95' }, p95Ms / 1000);
  }
  const findings = new Family('netmachinery_check_findings', 'What is wrong now, by kind', 'gauge');
  const found = new Map<string, { kind: string; severity: string; count: number }>();
  for (const { kind, severity } of report.findings) {
    const key = `${kind} ${severity}`;
    const known = found.get(key);
    found.set(key, { kind, severity, count: (known?.count ?? 0) + 1 });
  }
  for (const { kind, severity, count } of found.values()) findings.add({ kind, severity }, count);
  const verdict = new Family('netmachinery_check_verdict', '1 of the verdict of the whole cluster, else 0', 'gauge');
  for (const each of verdicts) verdict.add({ verdict: each }, report.verdict === each ? 1 : 0);
  return [rtt, findings, verdict];
}

// SPDX-License-Identifier: Apache-2.0
import { checkReportSteps, type KnownAgent } from '../../connectivity/check-report.js';
import type { AgentNetwork, AgentReport, CheckAgent, CheckOutage, CheckReport } from '../../model/check.js';
import { asFailure } from '../../errors/failure.js';
import { agentCause } from '../../connectivity/agent-state.js';
import type { ExpectedNode } from '../../connectivity/expected.js';
import { keyOf, type AgentBook } from './agent-book.js';
import type { AgentEntry } from './agent-entry.js';
import type { AgentRecord } from './agent-record.js';
import { finishedInSlices, inSlices } from './slices.js';
import type { World } from './world.js';

/**
 * A report is served again for as long as this, and for so many times as long as its making took, which thus takes 5 % of the time;
 * but for no longer than an interval, in which every agent tells something new.
 */
const leastMs = 500;
const restTimes = 20;
/** Outages that are told of one node, newest first. */
const outagesOfNode = 20;

/** Makes reports of the whole cluster, one at a time. */
export class Judge {
  private held: { report: CheckReport; untilMs: number } | undefined;
  private making: Promise<CheckReport> | undefined;
  private complaint: string | undefined;

  constructor(
    private readonly book: AgentBook,
    private readonly world: World,
    /** Takes one line for the log of the container. */
    private readonly log: (line: string) => void,
  ) {}

  /** The report of now, or of not long ago. */
  async report(): Promise<CheckReport> {
    if (this.held !== undefined && performance.now() < this.held.untilMs) return this.held.report;
    this.making ??= this.make([])
      .then(({ report, tookMs }) => {
        const restMs = Math.min(restTimes * tookMs, this.world.settings.check.intervalMs);
        this.held = { report, untilMs: performance.now() + Math.max(leastMs, restMs) };
        return report;
      })
      .finally(() => (this.making = undefined));
    return this.making;
  }

  /** As `report`; undefined where it cannot be made, which is logged once until it can. */
  async reportIfAny(): Promise<CheckReport | undefined> {
    try {
      const report = await this.report();
      this.complaint = undefined;
      return report;
    } catch (thrown) {
      const { message } = asFailure(thrown);
      if (message !== this.complaint) this.log(`the report of the cluster cannot be made: ${message}`);
      this.complaint = message;
      return undefined;
    }
  }

  /** With what silent agents said when they were asked in another way. */
  async reportWith(controls: readonly AgentReport[]): Promise<CheckReport> {
    return controls.length === 0 ? this.report() : (await this.make(controls)).report;
  }

  private async make(controls: readonly AgentReport[]): Promise<{ report: CheckReport; tookMs: number }> {
    const startedMs = performance.now();
    const startedAt = new Date().toISOString();
    const { check: settings, networks, legacyApi } = this.world.settings;
    const { expected: nodes, cordoned } = this.world;
    const agents: KnownAgent[] = [];
    const outages: CheckOutage[] = [];
    for await (const node of inSlices(nodes)) {
      const ofNode: CheckOutage[] = [];
      for (const network of networks) {
        const entry = this.book.entries.get(keyOf(node.name, network));
        const asked = controls.filter(({ agent }) => agent.node === node.name && agent.network === network);
        const reports = [...(entry?.rounds.reports() ?? []), ...asked];
        agents.push({ node: node.name, network, agent: this.agentOf(node, network, entry), reports });
        for (const outage of entry?.record.outages ?? []) ofNode.push({ node: node.name, network, ...outage });
      }
      outages.push(...ofNode.sort(newestFirst).slice(0, outagesOfNode));
    }
    const steps = checkReportSteps({
      mode: 'installed',
      startedAt,
      durationMs: Math.round(performance.now() - startedMs),
      settings,
      nodes,
      agents,
      outages: outages.sort(newestFirst),
      warnings: cordoned === undefined ? [] : [cordoned],
      ...(legacyApi ? { legacyApi } : {}),
    });
    const report = await finishedInSlices(steps);
    return { report, tookMs: performance.now() - startedMs };
  }

  private agentOf(node: ExpectedNode, network: AgentNetwork, entry: AgentEntry | undefined): CheckAgent {
    const newest = this.world.newestPod(node.name, network);
    const { state = 'Absent', ...record }: Partial<AgentRecord> = entry?.record ?? {};
    const cause = state === 'OK' ? undefined : (record.cause ?? agentCause(node, newest));
    const pod = record.pod ?? newest?.metadata.name;
    const { lastReport, kernel, uptimeSeconds, clockSkewMs, interfaces, resolver } = record;
    return {
      network,
      state,
      ...(cause === undefined ? {} : { cause }),
      ...(pod === undefined ? {} : { pod }),
      ...(lastReport === undefined ? {} : { lastReport }),
      ...(entry?.lags === true && lastReport !== undefined ? { lags: true } : {}),
      ...(kernel === undefined ? {} : { kernel }),
      ...(uptimeSeconds === undefined ? {} : { uptimeSeconds }),
      ...(clockSkewMs === undefined ? {} : { clockSkewMs }),
      ...(interfaces === undefined ? {} : { interfaces }),
      ...(resolver === undefined ? {} : { resolver }),
    };
  }
}

function newestFirst(left: CheckOutage, right: CheckOutage): number {
  if (left.from === right.from) return 0;
  return left.from > right.from ? -1 : 1;
}

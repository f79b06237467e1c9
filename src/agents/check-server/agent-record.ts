// SPDX-License-Identifier: Apache-2.0
import { tallyOf } from '../../connectivity/tally.js';
import type { AgentNetwork, AgentReport, AgentState, CheckAgent, CheckOutage } from '../../model/check.js';

/** Outages that are kept of one agent. */
const mostOutages = 20;

type RecordedOutage = Omit<CheckOutage, 'node' | 'network'>;

/** What the cluster remembers of one agent: the spec (`node`, `network`) and status of its CheckAgent. Never changed: made anew. */
export interface AgentRecord {
  readonly node: string;
  readonly network: AgentNetwork;
  /** Undefined: it was never judged, for it is new. */
  readonly state?: AgentState | undefined;
  readonly cause?: string | undefined;
  /** Of its last report. */
  readonly verdict?: 'pass' | 'fail' | undefined;
  readonly pod?: string | undefined;
  readonly namespace?: string | undefined;
  readonly ips?: readonly string[] | undefined;
  /** Newest first. */
  readonly outages: readonly RecordedOutage[];
  /** RFC 3339. What follows may lag behind the truth in the cluster's memory. */
  readonly lastReport?: string | undefined;
  /** Reports since the record was made. */
  readonly reports: number;
  /** Intervals without one, from the third on. */
  readonly missed: number;
  /** Probes of its last report, without those that it cannot make. */
  readonly sent?: number | undefined;
  readonly failed?: number | undefined;
  readonly kernel?: string | undefined;
  readonly uptimeSeconds?: number | undefined;
  readonly clockSkewMs?: number | undefined;
  readonly interfaces?: CheckAgent['interfaces'];
  readonly resolver?: CheckAgent['resolver'];
}

export function newRecord(node: string, network: AgentNetwork): AgentRecord {
  return { node, network, outages: [], reports: 0, missed: 0 };
}

/** After a report that was received at this time, in ms since the epoch. */
export function recordAfter(record: AgentRecord, report: AgentReport, receivedMs: number): AgentRecord {
  const { sent, failed } = tallyOf(report);
  const receivedAt = new Date(receivedMs).toISOString();
  const [latest, ...before] = record.outages;
  const outages =
    latest !== undefined && latest.to === undefined ? [{ ...latest, to: receivedAt }, ...before] : record.outages;
  return {
    node: record.node,
    network: record.network,
    state: 'OK',
    verdict: failed > 0 ? 'fail' : 'pass',
    pod: report.agent.pod,
    namespace: report.agent.namespace,
    ips: report.agent.ips,
    outages,
    lastReport: receivedAt,
    reports: record.reports + 1,
    missed: record.missed,
    sent,
    failed,
    kernel: report.kernel,
    uptimeSeconds: report.uptimeSeconds,
    clockSkewMs: Math.round(Date.parse(report.hostDate) - receivedMs),
    interfaces: report.interfaces,
    resolver: report.resolver,
  };
}

/** After a look at an agent that is silent: nothing is changed but how it is, and the outage that begins or goes on. */
export function recordSwept(
  record: AgentRecord,
  seen: { state: Exclude<AgentState, 'OK'>; cause: string; missed: number; atMs: number },
): AgentRecord {
  const { state, cause, missed } = seen;
  const [latest, ...before] = record.outages;
  const isOpen = latest !== undefined && latest.to === undefined;
  const outage: RecordedOutage = {
    state,
    from: isOpen ? latest.from : new Date(seen.atMs).toISOString(),
    cause,
  };
  const outages = (isOpen ? [outage, ...before] : [outage, ...record.outages]).slice(0, mostOutages);
  return { ...record, state, cause, missed, outages };
}

/** Whether something differs that must not be forgotten: it is written before anybody is told that it is known. */
export function isOfNote(before: AgentRecord, after: AgentRecord): boolean {
  return (
    before.state !== after.state ||
    before.cause !== after.cause ||
    before.verdict !== after.verdict ||
    before.pod !== after.pod ||
    before.namespace !== after.namespace ||
    before.ips?.join() !== after.ips?.join() ||
    before.outages[0]?.from !== after.outages[0]?.from ||
    before.outages[0]?.to !== after.outages[0]?.to ||
    before.outages[0]?.state !== after.outages[0]?.state
  );
}

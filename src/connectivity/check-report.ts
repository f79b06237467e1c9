// SPDX-License-Identifier: Apache-2.0
import type { CheckAgent, CheckNode, CheckOutage, CheckReport } from '../model/check.js';
import type { Summary } from '../model/report.js';
import { verdicts, type Verdict } from '../model/verdict.js';
import type { CheckInput, KnownAgent } from './check-input.js';
import { diagnose } from './diagnosis.js';
import type { ExpectedNode } from './expected.js';
import { matrixOf } from './matrix.js';
import { judgedAgents, observationsOf, type Observation } from './observation.js';
import { servicesOf } from './services.js';
import { finished, type Steps } from './steps.js';

export type { CheckInput, KnownAgent } from './check-input.js';

const mostOutages = 20;
const worstFirst: readonly CheckAgent['state'][] = ['Absent', 'Outdated', 'OK'];

/** Matrix, services, findings and verdict of what agents have told. */
export function checkReport(input: CheckInput): CheckReport {
  return finished(checkReportSteps(input));
}

/** As checkReport, in steps. */
export function* checkReportSteps(input: CheckInput): Steps<CheckReport> {
  const { mode, startedAt, durationMs, settings, warnings, legacyApi } = input;
  const ordered = { ...input, agents: [...input.agents].sort(byNodeAndNetwork) };
  const judged = judgedAgents(ordered.agents, Date.parse(startedAt) + durationMs);
  const observations: Observation[] = [];
  for (const { known, report } of judged) {
    if (report !== undefined) observations.push(...observationsOf(known, report));
    yield;
  }
  const matrix = yield* matrixOf(ordered, judged);
  const services = yield* servicesOf(judged);
  const findings = yield* diagnose(ordered, judged, observations);
  const verdictsOfTests = [
    ...matrix.map(({ verdict }) => verdict),
    ...services.map(({ verdict }) => verdict),
    ...ordered.agents.map(agentVerdict),
  ];
  return {
    apiVersion: 'netmachinery.io/v1',
    kind: 'CheckReport',
    mode,
    startedAt,
    durationMs,
    settings,
    payloadBytes: payloadBytes(settings.payloadEntries),
    verdict: worst(verdictsOfTests),
    summary: counted(verdictsOfTests),
    warnings: [...warnings],
    nodes: nodesOf(ordered.nodes, ordered.agents),
    matrix,
    services,
    findings,
    outages: newestOutages(input.outages),
    ...(legacyApi === undefined ? {} : { legacyApi }),
  };
}

/** N zeros as JSON: `[0,0,0]`. */
function payloadBytes(entries: number): number {
  return entries === 0 ? 2 : 2 * entries + 1;
}

function byNodeAndNetwork(left: KnownAgent, right: KnownAgent): number {
  if (left.node !== right.node) return left.node < right.node ? -1 : 1;
  // `pod` before `host`, as everywhere.
  return left.network === right.network ? 0 : left.network === 'pod' ? -1 : 1;
}

/** An agent that may still be starting has said nothing wrong. */
function agentVerdict({ agent, reports }: KnownAgent): Verdict {
  if (agent.state !== 'OK') return 'fail';
  return reports.length === 0 && agent.lastReport === undefined ? 'inconclusive' : 'pass';
}

/** Where nothing was tested nothing is known. */
function worst(found: readonly Verdict[]): Verdict {
  return verdicts.find((verdict) => found.includes(verdict)) ?? 'inconclusive';
}

function counted(found: readonly Verdict[]): Summary {
  const summary: Summary = { total: found.length, pass: 0, fail: 0, inconclusive: 0, unsupported: 0, error: 0 };
  for (const verdict of found) summary[verdict] += 1;
  return summary;
}

function nodesOf(nodes: readonly ExpectedNode[], agents: readonly KnownAgent[]): CheckNode[] {
  const byNode = new Map<string, CheckAgent[]>();
  for (const { node, agent } of agents) byNode.set(node, [...(byNode.get(node) ?? []), agent]);
  return [...nodes]
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .map(({ name, condition }) => {
      const own = byNode.get(name) ?? [];
      const state = worstFirst.find((candidate) => own.some((agent) => agent.state === candidate)) ?? 'Absent';
      return { name, state, agents: own, ...(condition === undefined ? {} : { condition }) };
    });
}

function newestOutages(outages: readonly CheckOutage[]): CheckOutage[] {
  const ofNode = new Map<string, number>();
  return [...outages]
    .sort(
      (left, right) =>
        Date.parse(right.from) - Date.parse(left.from) ||
        (JSON.stringify([left.node, left.network]) < JSON.stringify([right.node, right.network]) ? -1 : 1),
    )
    .filter(({ node }) => {
      const count = (ofNode.get(node) ?? 0) + 1;
      ofNode.set(node, count);
      return count <= mostOutages;
    });
}

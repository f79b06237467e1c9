// SPDX-License-Identifier: Apache-2.0
import type { AgentNetwork, AgentReport, CheckFailure, CheckProbe, TargetOutcome } from '../model/check.js';
import type { KnownAgent } from './check-input.js';
import { familyOf, type Family } from './family.js';

/** One probe of one round, and how it went. */
export interface Observation {
  /** Node and network of the agent that made it. */
  source: string;
  sourceNetwork: AgentNetwork;
  outcome: TargetOutcome;
  probe: CheckProbe;
  /** Undefined of what is reached by a name. */
  family: Family | undefined;
  /** Undefined where it worked. */
  failure: Exclude<CheckFailure, 'unsupported'> | undefined;
}

/** An agent with the report that is judged; none where what it last said is no longer what is. */
export interface JudgedAgent {
  known: KnownAgent;
  report: AgentReport | undefined;
}

/** An agent that is late may be asked by another way; what it answers may be as old as a round. */
const freshIntervals = 2.5;

/**
 * The report of each agent that is judged: its newest. Of one that is not OK only where it is newer than what made it
 * so, as what was asked of it by exec is; the age is told by the agent's clock, less what that is known to be off.
 */
export function judgedAgents(agents: readonly KnownAgent[], nowMs: number): JudgedAgent[] {
  return agents.map((known) => {
    const { agent, reports } = known;
    const newest = reports.at(-1);
    if (newest === undefined || agent.state === 'OK' || agent.lastReport === undefined)
      return { known, report: newest };
    const ageMs = nowMs - (Date.parse(newest.hostDate) - (agent.clockSkewMs ?? 0));
    return { known, report: Math.abs(ageMs) <= freshIntervals * newest.intervalMs ? newest : undefined };
  });
}

function rank({
  kind,
  via = 'name',
  node = '',
  network = 'pod',
  address = '',
  host = '',
  url = '',
}: TargetOutcome): string {
  return `${kind} ${via} ${node} ${network} ${address} ${host} ${url}`;
}

/** All probes of a report but those that its agent cannot make, in an order that does not depend on that of the report. */
export function observationsOf(known: KnownAgent, report: AgentReport): Observation[] {
  const ranked = report.outcomes.map((outcome) => ({ outcome, key: rank(outcome) }));
  ranked.sort((left, right) => (left.key < right.key ? -1 : 1));
  const { node: source, network: sourceNetwork } = known;
  const observations: Observation[] = [];
  for (const { outcome } of ranked) {
    const family = outcome.address === undefined ? undefined : familyOf(outcome.address);
    for (const probe in outcome.values) {
      const value = outcome.values[probe as CheckProbe];
      if (value === undefined || value === 'unsupported') continue;
      const failure = typeof value === 'number' ? undefined : value;
      observations.push({ source, sourceNetwork, outcome, probe: probe as CheckProbe, family, failure });
    }
  }
  return observations;
}

// SPDX-License-Identifier: Apache-2.0
import { agentCause } from '../../connectivity/agent-state.js';
import { checkReport, type KnownAgent } from '../../connectivity/check-report.js';
import type { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import type { Pod } from '../../kube/objects.js';
import type { CheckAgent, CheckReport } from '../../model/check.js';
import { agentIdentity } from './agent-identity.js';
import { isReady } from '../pod-state.js';
import { awaitAgents } from './await-agents.js';
import { judgeSkews } from './clock-skew.js';
import { createOnce } from './create-once.js';
import { makeRounds } from './make-rounds.js';
import { agentKey, plannedAgents, type OncePlan, type PlannedAgent } from './once-plan.js';
import { readRoster } from './read-roster.js';
import type { Heard } from './rounds.js';

/** Agents are waited for so long at most, and for half of the check's time. */
const startLimitMs = 90_000;
/** Of the check's time, for judging what was told before the whole of it is ended. */
const judgingMs = 2000;

export interface OnceObserver {
  /** What the check is doing; the last one counts. */
  progress: (text: string) => void;
  /** A namespace is about to be created, and has to be removed from then on. */
  onNamespace: (name: string) => void;
}

interface Seen {
  refused: ReadonlyMap<string, Failure>;
  pods: ReadonlyMap<string, Pod>;
  heard: Heard;
  skews: ReadonlyMap<string, number>;
}

/** Why an agent that never told anything is silent, one line. */
function absence(agent: PlannedAgent, { refused, pods, heard }: Seen): string {
  const key = agentKey(agent);
  const refusal = refused.get(key);
  if (refusal !== undefined) return `pod not created: ${refusal.message}`;
  const silent = heard.silent.get(key);
  return silent === undefined ? agentCause(agent.node, pods.get(key)) : `silent: ${silent}`;
}

function shownAgent(agent: PlannedAgent, seen: Seen): CheckAgent {
  const key = agentKey(agent);
  const { heard, skews } = seen;
  const last = heard.reports.get(key)?.at(-1);
  const { network, pod } = agent;
  if (last === undefined) return { network, state: 'Absent', cause: absence(agent, seen), pod };
  const silent = heard.silent.get(key);
  const { kernel, uptimeSeconds, interfaces, resolver } = last;
  return {
    network,
    state: silent === undefined ? 'OK' : 'Outdated',
    ...(silent === undefined ? {} : { cause: `silent: ${silent}` }),
    pod,
    lastReport: new Date(heard.receivedMs.get(key) ?? 0).toISOString(),
    kernel,
    uptimeSeconds,
    clockSkewMs: Math.round(skews.get(key) ?? 0),
    interfaces,
    resolver,
  };
}

/** Clocks as they were told, minus ours when that began to arrive. */
function measuredSkews({ reports, receivedMs }: Heard): Map<string, number> {
  return new Map(
    [...reports].flatMap(([key, all]) => {
      const skewMs = Date.parse(all.at(-1)?.hostDate ?? '') - (receivedMs.get(key) ?? 0);
      return Number.isNaN(skewMs) ? [] : [[key, skewMs]];
    }),
  );
}

/**
 * Makes what the plan says, has the agents make their rounds, and judges what they tell. What was made stays: it is for the
 * caller to remove, whatever this throws.
 */
export async function runOnce(
  cluster: Cluster,
  plan: OncePlan,
  { signal, observer }: { signal: AbortSignal; observer: OnceObserver },
): Promise<CheckReport> {
  const { progress, onNamespace } = observer;
  const startedAt = new Date();
  const startedMs = performance.now();
  const agents = plannedAgents(plan);
  progress(`creating ${agents.length} agents`);
  const refused = await createOnce(cluster, plan, { signal, onNamespace });
  const created = agents.filter((agent) => !refused.has(agentKey(agent)));
  const pods = await awaitAgents(cluster, created, {
    limitMs: Math.min(startLimitMs, plan.timeoutMs / 2),
    signal,
    onProgress: (ready) => progress(`waiting for agents: ${ready} of ${agents.length} are ready`),
  });
  const running = created.flatMap((agent) => {
    const pod = pods.get(agentKey(agent));
    return pod !== undefined && isReady(pod) ? [agentIdentity(agent, pod)] : [];
  });
  progress('looking for Services and DNS servers');
  const { roster, warnings } = await readRoster(cluster, running, signal);
  const heard = await makeRounds(cluster, {
    roster,
    settings: plan.settings,
    endMs: startedMs + plan.timeoutMs - judgingMs,
    signal,
    onRound: (round) => progress(`${running.length} agents probe: round ${round}`),
  });
  const { byAgent: skews, warning } = judgeSkews(measuredSkews(heard), plan.nodes.length);
  const seen: Seen = { refused, pods, heard, skews };
  const known: KnownAgent[] = agents.map((agent) => ({
    node: agent.node.name,
    network: agent.network,
    agent: shownAgent(agent, seen),
    reports: heard.reports.get(agentKey(agent)) ?? [],
  }));
  return checkReport({
    mode: 'once',
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - startedMs),
    settings: plan.settings,
    nodes: plan.nodes,
    agents: known,
    outages: [],
    warnings: [...plan.warnings, ...warnings, ...(warning === undefined ? [] : [warning])],
  });
}

// SPDX-License-Identifier: Apache-2.0
import type { CheckProbe, CheckReport } from '../model/check.js';
import { agentHint } from './agent-hints.js';
import { silentCause } from './agent-state.js';
import type { CheckInput, KnownAgent } from './check-input.js';
import type { Explanations, Way } from './explanations.js';
import type { JudgedAgent, Observation } from './observation.js';
import { distinct, listed } from './words.js';

/** Made by the agent's program, not by the kernel that it runs on: a stopped program goes on to accept connections. */
const ofProgram = new Set<CheckProbe>(['udp', 'http', 'large']);

interface Lateness {
  agents: KnownAgent[];
  observations: Observation[];
}

/**
 * Agents that are late, those of the same nature together, and the probes that failed because such an agent does not
 * run: where its pod tells so, or where its node is reached and its program answers nobody.
 */
export function explainAgents(
  { mode, nodes }: Pick<CheckInput, 'mode' | 'nodes'>,
  judged: readonly JudgedAgent[],
  observations: readonly Observation[],
  explanations: Explanations,
): void {
  const late = judged.filter(({ known }) => known.agent.state !== 'OK');
  if (late.length === 0) return;
  const readyNodes = new Set(nodes.flatMap(({ name, isReady }) => (isReady ? [name] : [])));
  const towards = observationsTowards(late, observations);
  const groups = new Map<string, Lateness>();
  for (const { known, report } of late) {
    const { state, cause = '' } = known.agent;
    const group = groups.get(`${state} ${cause}`) ?? { agents: [], observations: [] };
    groups.set(`${state} ${cause}`, group);
    group.agents.push(known);
    const own = towards.get(agentKey(known.node, known.network)) ?? [];
    if (report === undefined && doesNotRun(known, own, readyNodes)) {
      group.observations.push(...own.filter(({ failure }) => failure !== undefined));
    }
  }
  for (const group of groups.values()) addLateness(group, mode, explanations);
}

function agentKey(node: string, network: string): string {
  return `${network}/${node}`;
}

function observationsTowards(
  late: readonly JudgedAgent[],
  observations: readonly Observation[],
): Map<string, Observation[]> {
  const towards = new Map(late.map(({ known }) => [agentKey(known.node, known.network), [] as Observation[]]));
  for (const observation of observations) {
    const { kind, node, network } = observation.outcome;
    if (kind !== 'agent' || node === undefined || network === undefined) continue;
    towards.get(agentKey(node, network))?.push(observation);
  }
  return towards;
}

function doesNotRun(
  { node, agent }: KnownAgent,
  own: readonly Observation[],
  readyNodes: ReadonlySet<string>,
): boolean {
  const answers = own.some(({ probe, failure }) => ofProgram.has(probe) && failure === undefined);
  if (answers) return false;
  if (readyNodes.has(node) && agent.cause !== undefined && agent.cause !== silentCause) return true;
  return own.some(
    ({ source, failure }) =>
      // Its kernel answers, or not even what is on the same node reaches it.
      failure === undefined || failure === 'refused' || source === node,
  );
}

function addLateness({ agents, observations }: Lateness, mode: CheckReport['mode'], explanations: Explanations): void {
  const [first] = agents;
  if (first === undefined) return;
  const { state, cause } = first.agent;
  const nodes = distinct(agents.map(({ node }) => node));
  const networks = distinct(agents.map(({ network }) => network)).reverse();
  const words =
    networks.length > 1 ? 'agents' : `the ${networks[0] ?? 'pod'}-network agent${nodes.length > 1 ? 's' : ''}`;
  const isNever = state === 'Absent' && agents.every(({ agent }) => agent.lastReport === undefined);
  const how = isNever
    ? 'have never reported'
    : state === 'Absent'
      ? 'have not reported for 10 intervals'
      : 'have not reported for more than 2 intervals';
  const verb = networks.length === 1 && nodes.length === 1 ? how.replace(/^have/, 'has') : how;
  const dead = new Set(observations.map(({ outcome }) => outcome.address));
  explanations.add(
    {
      kind: state === 'Absent' ? 'agentAbsent' : 'agentOutdated',
      severity: 'failure',
      nodes,
      message: `${words} on ${listed(nodes)} ${verb}${cause === undefined ? '' : `: ${cause}`}`,
      hint: agentHint(first, mode),
      covers: ({ address }: Way) => address !== undefined && dead.has(address),
    },
    observations,
  );
}

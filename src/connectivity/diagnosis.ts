// SPDX-License-Identifier: Apache-2.0
import type { CheckFinding } from '../model/check.js';
import type { CheckInput } from './check-input.js';
import type { ExpectedNode } from './expected.js';
import { explainAgents } from './explain-agents.js';
import { explainClocks } from './explain-clocks.js';
import { explainPaths } from './explain-paths.js';
import { explainServices } from './explain-services.js';
import { Explanations } from './explanations.js';
import { Hearsay } from './hearsay.js';
import type { JudgedAgent, Observation } from './observation.js';
import { pairsOf } from './pair-probes.js';
import type { Steps } from './steps.js';

/** A report is as new as another that came at most so many intervals later. */
const asNewIntervals = 1.2;

/**
 * What is wrong, grouped by its shape, with its place. Each probe that failed is explained by exactly one finding; the
 * causes come first: agents that do not run, then what is broken between nodes, then what goes through both.
 */
export function* diagnose(
  input: Pick<CheckInput, 'mode' | 'settings' | 'nodes' | 'agents'>,
  judged: readonly JudgedAgent[],
  observations: readonly Observation[],
): Steps<CheckFinding[]> {
  const explanations = new Explanations();
  explainAgents(input, judged, observations, explanations);
  const judgedNodes = new Set(judged.flatMap(({ known, report }) => (report === undefined ? [] : [known.node])));
  yield;
  const hearsay = new Hearsay(judged);
  yield;
  const pairs = yield* pairsOf(observations, (observation) => explanations.of(observation) !== undefined);
  explainPaths(
    {
      pairs,
      hearsay,
      silent: silentNodes(input.nodes, observations, judgedNodes),
      nodeCount: input.nodes.length,
      conditions: new Map(
        input.nodes.flatMap(({ name, condition }) => (condition === undefined ? [] : [[name, condition]])),
      ),
      isAsNew: newness(input),
    },
    explanations,
  );
  yield;
  explainServices(observations, judgedNodes, nodesByAddress(judged, observations), explanations);
  yield;
  explainClocks(input.agents, explanations);
  return explanations.findings();
}

/** Nodes that there are or that somebody was to reach, and of which no report is judged. */
function silentNodes(
  nodes: readonly ExpectedNode[],
  observations: readonly Observation[],
  judgedNodes: ReadonlySet<string>,
): Set<string> {
  const silent = new Set<string>();
  for (const { name } of nodes) if (!judgedNodes.has(name)) silent.add(name);
  for (const { outcome } of observations) {
    if (outcome.node !== undefined && !judgedNodes.has(outcome.node)) silent.add(outcome.node);
  }
  return silent;
}

/** In a one-shot check every report is new. */
function newness({ mode, settings, agents }: Pick<CheckInput, 'mode' | 'settings' | 'agents'>) {
  const lastMs = new Map<string, number>();
  for (const { node, agent } of agents) {
    if (agent.lastReport === undefined) continue;
    lastMs.set(node, Math.max(lastMs.get(node) ?? 0, Date.parse(agent.lastReport)));
  }
  return (node: string, than: string): boolean => {
    const [own, other] = [lastMs.get(node), lastMs.get(than)];
    if (mode === 'once' || own === undefined || other === undefined) return true;
    return own >= other - asNewIntervals * settings.intervalMs;
  };
}

function nodesByAddress(
  judged: readonly JudgedAgent[],
  observations: readonly Observation[],
): (address: string) => string | undefined {
  const nodes = new Map<string, string>();
  for (const { outcome } of observations) {
    if (outcome.kind !== 'agent' || outcome.network !== 'host') continue;
    if (outcome.address !== undefined && outcome.node !== undefined) nodes.set(outcome.address, outcome.node);
  }
  for (const { known, report } of judged) {
    if (known.network !== 'host') continue;
    for (const address of report?.agent.ips ?? []) nodes.set(address, known.node);
  }
  return (address) => nodes.get(address);
}

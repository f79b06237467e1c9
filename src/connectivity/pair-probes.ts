// SPDX-License-Identifier: Apache-2.0
import { agentNetworks, type AgentNetwork, type CheckProbe } from '../model/check.js';
import type { Family } from './family.js';
import type { Observation } from './observation.js';
import type { Steps } from './steps.js';

export const agentProbes = ['icmp', 'tcp', 'udp', 'http', 'large', 'mtu'] as const satisfies readonly CheckProbe[];
export type AgentProbe = (typeof agentProbes)[number];

/** About as many as an agent makes. */
const observationsOfStep = 200;

/** From the one network to the other. */
export type Path = `${AgentNetwork}-${AgentNetwork}`;
export const paths: readonly Path[] = agentNetworks.flatMap((from) => agentNetworks.map((to): Path => `${from}-${to}`));
export const families: readonly Family[] = ['IPv4', 'IPv6'];

/** A bit for each path and probe of one family: a cluster of 1,000 nodes has half a million probes a round. */
export function bit(path: Path, probe: AgentProbe): number {
  return 1 << (paths.indexOf(path) * agentProbes.length + agentProbes.indexOf(probe));
}

/** All bits of these paths and probes. */
export function bits(ofPaths: readonly Path[], ofProbes: readonly AgentProbe[] = agentProbes): number {
  let mask = 0;
  for (const path of ofPaths) for (const probe of ofProbes) mask |= bit(path, probe);
  return mask;
}

/** What agents of one node found of agents of another, or of their own. */
export interface PairProbes {
  source: string;
  destination: string;
  /** Probes of which one worked, and of which one failed, by family. */
  good: Record<Family, number>;
  bad: Record<Family, number>;
  failed: Observation[];
  /** Bytes of the largest packet that is known to arrive. */
  largestBytes: number;
}

export function pathOf({ sourceNetwork, outcome }: Observation): Path {
  return `${sourceNetwork}-${outcome.network ?? 'pod'}`;
}

export function pairKey(source: string, destination: string): string {
  return `${source}>${destination}`;
}

/** What is known of each ordered pair of nodes; `isExplained` says which failures are somebody else's. */
export function* pairsOf(
  observations: Iterable<Observation>,
  isExplained: (observation: Observation) => boolean,
): Steps<Map<string, PairProbes>> {
  const pairs = new Map<string, PairProbes>();
  let count = 0;
  for (const observation of observations) {
    if (++count % observationsOfStep === 0) yield;
    const { source, outcome, probe, family = 'IPv4', failure } = observation;
    if (outcome.kind !== 'agent' || (failure !== undefined && isExplained(observation))) continue;
    const destination = outcome.node ?? '';
    const key = pairKey(source, destination);
    let pair = pairs.get(key);
    if (pair === undefined) {
      pair = { source, destination, good: none(), bad: none(), failed: [], largestBytes: 0 };
      pairs.set(key, pair);
    }
    // What agents do not do is no reason to lose a failure.
    const mask = bit(pathOf(observation), probe === 'dns' ? 'http' : probe);
    if (failure === undefined) {
      pair.good[family] |= mask;
      if (probe === 'mtu') pair.largestBytes = Math.max(pair.largestBytes, outcome.mtuBytes ?? 0);
    } else {
      pair.bad[family] |= mask;
      pair.failed.push(observation);
    }
  }
  return pairs;
}

function none(): Record<Family, number> {
  return { IPv4: 0, IPv6: 0 };
}

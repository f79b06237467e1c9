// SPDX-License-Identifier: Apache-2.0
import { families, pairKey, paths, type PairProbes } from './pair-probes.js';
import type { Place, Placed } from './place.js';
import { probesOfSymptom, type PairSymptom, type Symptom } from './symptoms.js';

/** Fewer pairs than these are named one by one. */
const fewPairs = 3;

/** Where the pairs of one symptom are, each in exactly one place; `pairs` are all that were tried, `silent` the nodes of which no report is known. */
export function placesOf(
  symptom: Symptom,
  found: readonly PairSymptom[],
  pairs: Iterable<PairProbes>,
  silent: ReadonlySet<string>,
): Placed[] {
  const mask = probesOfSymptom(symptom);
  const ofFamilies = symptom.family === undefined ? families : [symptom.family];
  const isTried = ({ good, bad }: PairProbes) =>
    ofFamilies.some((family) => ((good[family] | bad[family]) & mask) !== 0);
  const tried = [...pairs].filter((pair) => pair.source !== pair.destination && isTried(pair));
  const byPair = new Map(found.map((one) => [pairKey(one.pair.source, one.pair.destination), one]));
  const broken = (pair: PairProbes) => byPair.has(pairKey(pair.source, pair.destination));
  const pending = new Map(byPair);
  const placed: Placed[] = [];
  const take = (place: Place, ones: readonly (PairSymptom | undefined)[]): void => {
    const taken = ones.filter((one) => one !== undefined);
    if (taken.length === 0) return;
    for (const { pair } of taken) pending.delete(pairKey(pair.source, pair.destination));
    const concerned = new Set(taken.flatMap((one) => one.symptom.paths));
    placed.push({ symptom: { ...symptom, paths: paths.filter((path) => concerned.has(path)) }, place, found: taken });
  };
  const nodes = [...new Set(tried.flatMap(({ source, destination }) => [source, destination]))].sort();
  const isInside = (node: string) => byPair.has(pairKey(node, node));
  if ((nodes.length > 2 || (nodes.length === 2 && nodes.every(isInside))) && tried.every(broken)) {
    const inside = nodes.some(isInside);
    take({ scope: 'cluster', nodes, alsoInside: inside }, [...pending.values()]);
    return placed;
  }
  const around = byNode(tried);
  for (const scope of ['node', 'from', 'to'] as const) {
    for (const node of nodes) {
      const { from = [], to = [] } = around.get(node) ?? {};
      const own = { node: [...from, ...to], from, to }[scope];
      const peers = [...new Set(own.flatMap(({ source, destination }) => [source, destination]))]
        .filter((name) => name !== node)
        .sort();
      // What is broken inside of one of two nodes too is the fault of that one.
      const isMany = peers.length > 1 || (peers.length === 1 && isInside(node) && !isInside(peers[0] ?? ''));
      // With one peer nobody can tell which of the two it is, unless one of them is silent.
      const isOne = isMany || (peers.length === 1 && silent.has(node) && !silent.has(peers[0] ?? ''));
      const isWhole = scope === 'node' ? from.length === 0 || to.length > 0 : isMany;
      if (!isOne || !isWhole || !own.every(broken)) continue;
      const inside = pending.get(pairKey(node, node));
      const ones = own.map((pair) => pending.get(pairKey(pair.source, pair.destination)));
      if (ones.every((one) => one === undefined)) continue;
      const isOtherWaySeen = scope === 'from' ? to.length > 0 : scope === 'to' && from.length > 0;
      take({ scope, node, peers, alsoInside: inside !== undefined, isOtherWaySeen }, [...ones, inside]);
    }
  }
  placeParts(tried, broken, pending, take);
  const isTriedWay = new Set(tried.map(({ source, destination }) => pairKey(source, destination)));
  for (const [key, one] of [...byPair].sort(([left], [right]) => (left < right ? -1 : 1))) {
    if (!pending.has(key)) continue;
    const { source, destination } = one.pair;
    const back = pairKey(destination, source);
    if (source === destination) take({ scope: 'inside', node: source }, [one]);
    else if (pending.has(back)) {
      take({ scope: 'pair', nodes: source < destination ? [source, destination] : [destination, source] }, [
        one,
        pending.get(back),
      ]);
    } else take({ scope: 'oneWay', nodes: [source, destination], isOtherWaySeen: isTriedWay.has(back) }, [one]);
  }
  return placed;
}

function byNode(pairs: readonly PairProbes[]): Map<string, { from: PairProbes[]; to: PairProbes[] }> {
  const around = new Map<string, { from: PairProbes[]; to: PairProbes[] }>();
  const of = (node: string) => {
    const known = around.get(node) ?? { from: [], to: [] };
    around.set(node, known);
    return known;
  };
  for (const pair of pairs) {
    of(pair.source).from.push(pair);
    of(pair.destination).to.push(pair);
  }
  return around;
}

/** Where what is left lies between parts of the cluster that are each well in themselves: one place, not a hundred. */
function placeParts(
  tried: readonly PairProbes[],
  broken: (pair: PairProbes) => boolean,
  pending: ReadonlyMap<string, PairSymptom>,
  take: (place: Place, ones: readonly PairSymptom[]) => void,
): void {
  const across = [...pending.values()].filter(({ pair }) => pair.source !== pair.destination);
  if (across.length <= fewPairs) return;
  const part = new Map<string, Set<string>>();
  const partOf = (node: string) => {
    const known = part.get(node) ?? new Set([node]);
    part.set(node, known);
    return known;
  };
  for (const pair of tried) {
    const [one, other] = [partOf(pair.source), partOf(pair.destination)];
    if (one === other || broken(pair)) continue;
    for (const node of other) {
      one.add(node);
      part.set(node, one);
    }
  }
  const between = across.filter(({ pair }) => partOf(pair.source) !== partOf(pair.destination));
  if (between.length <= fewPairs) return;
  const parts = new Set(between.flatMap(({ pair }) => [partOf(pair.source), partOf(pair.destination)]));
  take({ scope: 'parts', parts: [...parts].map((names) => [...names].sort()).sort(byFirst) }, between);
}

function byFirst([left = '']: string[], [right = '']: string[]): number {
  return left < right ? -1 : 1;
}

// SPDX-License-Identifier: Apache-2.0
import type { AgentReport, CheckCell, CheckProbe } from '../model/check.js';
import { rttStatistics } from '../model/statistics.js';
import type { CheckInput } from './check-input.js';
import { nodeNeighbours } from './neighbours.js';
import type { JudgedAgent } from './observation.js';
import type { Steps } from './steps.js';
import { count, verdictOf, type Tally } from './tally.js';

/** Whose times say how far two nodes are from each other; an HTTP request is several round trips. */
const roundTrips: readonly CheckProbe[] = ['icmp', 'tcp', 'udp'];

interface Building extends Tally {
  source: string;
  destination: string;
  samples: number[];
}

/**
 * A cell for each ordered pair of nodes that is to be tried or was: neighbours on the ring, and a node with itself
 * where it has two agents. The verdict is that of the reports that are judged, times are of all.
 */
export function* matrixOf({ settings, nodes, agents }: CheckInput, judged: readonly JudgedAgent[]): Steps<CheckCell[]> {
  const rows = new Map<string, Map<string, Building>>();
  const cellOf = (source: string, destination: string): Building => {
    let row = rows.get(source);
    if (row === undefined) rows.set(source, (row = new Map<string, Building>()));
    let cell = row.get(destination);
    if (cell === undefined) {
      cell = { source, destination, sent: 0, failed: 0, unsupported: 0, samples: [] };
      row.set(destination, cell);
    }
    return cell;
  };
  const agentsOf = new Map<string, number>();
  for (const { node } of agents) agentsOf.set(node, (agentsOf.get(node) ?? 0) + 1);
  const neighbours = nodeNeighbours(
    nodes.map(({ name }) => name),
    settings.neighbours,
  );
  for (const { name } of nodes) {
    if ((agentsOf.get(name) ?? 0) > 1) cellOf(name, name);
    if (agentsOf.has(name)) for (const other of neighbours(name)) if (agentsOf.has(other)) cellOf(name, other);
    yield;
  }
  for (const { known, report } of judged) {
    if (report !== undefined) addCounts(known.node, report, cellOf);
    for (const earlier of known.reports) addSamples(known.node, earlier, cellOf);
    yield;
  }
  const cells: CheckCell[] = [];
  for (const [, row] of [...rows].sort(byName)) {
    for (const [, cell] of [...row].sort(byName)) cells.push(measured(cell));
    yield;
  }
  return cells;
}

function byName([left]: [string, unknown], [right]: [string, unknown]): number {
  return left < right ? -1 : 1;
}

type CellOf = (source: string, destination: string) => Building;

function addCounts(source: string, { outcomes }: AgentReport, cellOf: CellOf): void {
  for (const { kind, node, values } of outcomes) {
    if (kind !== 'agent' || node === undefined) continue;
    const cell = cellOf(source, node);
    for (const value of Object.values(values)) count(cell, value);
  }
}

function addSamples(source: string, { outcomes }: AgentReport, cellOf: CellOf): void {
  for (const { kind, node, values } of outcomes) {
    if (kind !== 'agent' || node === undefined) continue;
    for (const probe of roundTrips) {
      const value = values[probe];
      if (typeof value === 'number') cellOf(source, node).samples.push(value);
    }
  }
}

function measured(cell: Building): CheckCell {
  const { source, destination, sent, failed, samples } = cell;
  const times = rttStatistics(samples);
  return {
    source,
    destination,
    verdict: verdictOf(cell),
    sent,
    failed,
    ...(times === undefined ? {} : { p50Ms: times.p50, maxMs: times.max }),
    ...(times?.p95 === undefined ? {} : { p95Ms: times.p95 }),
  };
}

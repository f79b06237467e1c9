// SPDX-License-Identifier: Apache-2.0
import type { Mesh, MeshMember, MeshPair } from '../../model/mesh.js';
import type { ProbeProtocol } from '../../model/prober.js';
import { heatBounds } from '../html/times.js';
import { cellOf, type MeshCell, type MeshValue } from './cell.js';

/** Sources down, destinations across. */
export interface MeshGrid {
  rows: { source: MeshMember; cells: MeshCell[] }[];
  columns: MeshMember[];
  /** Steps of the heat map in ms. */
  bounds: number[];
}

/** The pairs of one protocol. */
export function pairsOf({ pairs }: Mesh, protocol: ProbeProtocol): MeshPair[] {
  return pairs.filter((pair) => pair.protocol === protocol);
}

/** The grid of one protocol. Rows are what was asked, or should have been; columns are all members. */
export function meshGrid(mesh: Mesh, protocol: ProbeProtocol, value: MeshValue): MeshGrid {
  const key = (source: string, destination: string) => JSON.stringify([source, destination]);
  const pairs = new Map(pairsOf(mesh, protocol).map((pair) => [key(pair.source, pair.destination), pair]));
  const rows = mesh.members
    .filter(({ read, unread }) => read + unread > 0)
    .map((source) => ({
      source,
      cells: mesh.members.map((destination) =>
        cellOf(source, destination, pairs.get(key(source.name, destination.name)), value),
      ),
    }));
  return {
    rows,
    columns: mesh.members,
    bounds: heatBounds(rows.flatMap(({ cells }) => cells.flatMap(({ ms }) => ms ?? []))),
  };
}

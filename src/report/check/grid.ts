// SPDX-License-Identifier: Apache-2.0
import type { CheckCell, CheckReport } from '../../model/check.js';
import type { Verdict } from '../../model/verdict.js';
import { formatMs, formatPercent } from '../figures.js';
import { heatBounds } from '../html/times.js';
import type { MeshCell } from '../mesh/cell.js';
import { verdictText } from '../verdict-style.js';
import { nodeNames } from './node-names.js';

/** What cells show: the p95, which needs 20 samples, or the longest time. A matrix never mixes the two. */
export type CheckFigure = 'p95Ms' | 'maxMs';

export interface CheckGridCell {
  /** Undefined: nobody has probed it. */
  verdict: Verdict | undefined;
  /** How it is coloured, in the mesh's words. */
  state: MeshCell['state'];
  /** `✓0.52`, `✗50%`; empty for a node and itself. */
  text: string;
  /** The symbol alone. */
  symbol: string;
  /** What it is coloured by, in ms. */
  ms?: number | undefined;
  cell?: CheckCell | undefined;
}

/** Nodes down and across. */
export interface CheckGrid {
  names: string[];
  /** Row by row. */
  cells: CheckGridCell[][];
  figure: CheckFigure;
  /** Steps of the heat map in ms. */
  bounds: number[];
}

const unprobed = '.';

/** The p95 where most cells with a time have one. */
export function figureOf(matrix: readonly CheckCell[]): CheckFigure {
  const timed = matrix.filter(({ maxMs }) => maxMs !== undefined);
  const enough = timed.filter(({ p95Ms }) => p95Ms !== undefined).length;
  return enough > timed.length / 2 ? 'p95Ms' : 'maxMs';
}

const states: Record<Verdict, MeshCell['state']> = {
  pass: 'good',
  fail: 'failing',
  inconclusive: 'unread',
  error: 'unread',
  unsupported: 'unknown',
};

function gridCell(cell: CheckCell | undefined, isSelf: boolean, figure: CheckFigure): CheckGridCell {
  if (cell === undefined) {
    const text = isSelf ? '' : unprobed;
    return { verdict: undefined, state: isSelf ? 'self' : 'unknown', text, symbol: text };
  }
  const { verdict, sent, failed } = cell;
  const [symbol = ''] = verdictText(verdict);
  const ms = cell[figure];
  const said =
    verdict === 'fail' && sent > 0
      ? formatPercent((failed / sent) * 100)
      : verdict === 'pass' && ms !== undefined
        ? formatMs(ms)
        : '';
  return { verdict, state: states[verdict], text: `${symbol}${said}`, symbol, ms, cell };
}

/** The matrix of all nodes, and of those that only the matrix knows. */
export function checkGrid({ nodes, matrix }: CheckReport): CheckGrid {
  const figure = figureOf(matrix);
  const key = (source: string, destination: string) => JSON.stringify([source, destination]);
  const cellOf = new Map(matrix.map((cell) => [key(cell.source, cell.destination), cell]));
  const members = [
    ...new Set([
      ...nodes.map(({ name }) => name),
      ...matrix.flatMap(({ source, destination }) => [source, destination]),
    ]),
  ];
  return {
    names: nodeNames(members),
    cells: members.map((source) =>
      members.map((destination) => gridCell(cellOf.get(key(source, destination)), source === destination, figure)),
    ),
    figure,
    bounds: heatBounds(matrix.flatMap((cell) => (cell.verdict === 'pass' ? (cell[figure] ?? []) : []))),
  };
}

/** What the figures of a grid are, in words. */
export const figureWords: Record<CheckFigure, string> = {
  p95Ms: 'p95 in ms',
  maxMs: 'longest in ms (a p95 needs 20 samples)',
};

/** What is timed: a TCP connection and a UDP echo are made by the agents' programs, which a busy node keeps waiting. */
export const timedWords = 'of ICMP and UDP echoes and TCP connects, all rounds; a busy node adds to it';

/** What the diagonal is. */
export const selfWords = 'a node to itself: between its two agents';

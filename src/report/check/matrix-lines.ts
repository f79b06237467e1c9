// SPDX-License-Identifier: Apache-2.0
import type { CheckCell, CheckReport } from '../../model/check.js';
import { columnLines, squeezeColumns, type Column } from '../columns.js';
import { formatMs } from '../figures.js';
import { heatMatrixLines } from '../heat-matrix.js';
import { heatPainter, heatScale, type ColorLevel } from '../mesh/heat.js';
import { wrapWords } from '../text-width.js';
import { verdictPainter, verdictText } from '../verdict-style.js';
import {
  checkGrid,
  figureOf,
  figureWords,
  selfWords,
  timedWords,
  type CheckFigure,
  type CheckGrid,
  type CheckGridCell,
} from './grid.js';
import { leastWidth, nodeNames } from './node-names.js';
import { worstCells } from './order.js';

export interface MatrixOptions {
  width: number;
  color: ColorLevel;
  headers: boolean;
}

const shownPairs = 15;

/** Node by node, with names or numbers above its columns; where neither fits, its failing or slowest pairs. */
export function matrixLines(report: CheckReport, options: MatrixOptions): string[] {
  if (report.matrix.length === 0) return [];
  // Without heads nobody knows what a column is.
  return (options.headers ? gridLines(checkGrid(report), options) : undefined) ?? pairLines(report, options);
}

function gridLines(grid: CheckGrid, { width, color }: MatrixOptions): string[] | undefined {
  const paint = heatPainter(color, grid.bounds);
  const lines = heatMatrixLines<CheckGridCell>(
    {
      corner: 'SOURCE',
      columns: grid.names,
      rows: grid.cells.map((cells, column) => ({ name: grid.names[column] ?? '', column, cells })),
      texts: [({ text }) => text, ({ symbol }) => symbol],
      paint,
    },
    width,
  );
  return lines === undefined ? undefined : [...lines, ...legendLines(grid, lines, { width, color })];
}

/** What signs and colours mean, and nothing that does not occur. */
function legendLines(
  { cells, figure, bounds }: CheckGrid,
  lines: readonly string[],
  { width, color }: Pick<MatrixOptions, 'width' | 'color'>,
): string[] {
  const all = cells.flat();
  const has = (isIt: (cell: CheckGridCell) => boolean, text: string) => (all.some(isIt) ? [text] : []);
  const isTimed = all.some(
    ({ verdict, text, symbol }) => verdict === 'pass' && text !== symbol && contains(lines, text),
  );
  const parts = [
    `node to node${isTimed ? `, ${figureWords[figure]} ${timedWords}` : ''}`,
    ...(cells.some((row, index) => row[index]?.verdict !== undefined) ? [selfWords] : []),
    ...has(({ verdict }) => verdict === 'fail', '✗ probes fail, and how many'),
    ...has(({ verdict }) => verdict === 'inconclusive', '? not known'),
    ...has(({ verdict }) => verdict === 'error', '! error'),
    ...has(({ verdict }) => verdict === 'unsupported', '- unsupported'),
    ...has(({ verdict, state }) => verdict === undefined && state !== 'self', '. not probed'),
  ];
  return [...wrapWords(parts.join('; ').split(' '), width), ...(isTimed ? heatScale(color, bounds) : [])];
}

const contains = (lines: readonly string[], text: string) => lines.some((line) => line.includes(text));

/** The pairs that do not pass, or the slowest ones, of a matrix that is too large to be shown. */
function pairLines({ nodes, matrix }: CheckReport, { width, color, headers }: MatrixOptions): string[] {
  const failing = matrix.filter(({ verdict }) => verdict !== 'pass');
  const shown = worstCells(failing.length > 0 ? failing : matrix).slice(0, shownPairs);
  const figure = figureOf(matrix);
  const all = [
    ...new Set([...nodes.map(({ name }) => name), ...matrix.flatMap((each) => [each.source, each.destination])]),
  ];
  const short = nodeNames(all);
  const nameOf = new Map(all.map((name, index) => [name, short[index] ?? '']));
  const nameColumn = (header: string, names: readonly string[]): Column => {
    const cells = names.map((name) => nameOf.get(name) ?? '');
    const atMost = leastWidth(cells, 8, Math.floor((width - 20) / 2));
    return { header: [header], cells, shortenTo: { readily: Math.max(24, atMost), atMost } };
  };
  const paint = verdictPainter(color > 0);
  const columns: Column[] = [
    nameColumn(
      'SOURCE',
      shown.map(({ source }) => source),
    ),
    nameColumn(
      'DESTINATION',
      shown.map(({ destination }) => destination),
    ),
    {
      header: ['VERDICT'],
      cells: shown.map(({ verdict }) => verdictText(verdict)),
      paint: (text, row) => paint(shown[row]?.verdict ?? 'error', text),
    },
    { header: ['FAILED'], cells: shown.map(({ failed, sent }) => `${failed}/${sent}`), leaveOut: 1 },
    {
      header: [figure === 'p95Ms' ? 'P95 MS' : 'MAX MS'],
      cells: shown.map((cell) => msText(cell, figure)),
      leaveOut: 2,
    },
  ];
  const rest =
    failing.length > 0
      ? failing.length > shown.length
        ? [
            `${shown.length} of ${failing.length} pairs that do not pass, of ${matrix.length}: -o wide shows all of them`,
          ]
        : [`all other pairs pass: ${matrix.length - failing.length} of ${matrix.length}; -o wide shows them`]
      : [`all ${matrix.length} pairs pass; these are the slowest: -o wide shows all of them`];
  return [...columnLines(squeezeColumns(columns, width), headers), ...wrapWords((rest[0] ?? '').split(' '), width)];
}

function msText(cell: CheckCell, figure: CheckFigure): string {
  const ms = cell[figure];
  return ms === undefined ? '-' : formatMs(ms);
}

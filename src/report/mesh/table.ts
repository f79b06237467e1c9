// SPDX-License-Identifier: Apache-2.0
import type { Mesh, MeshMember } from '../../model/mesh.js';
import { formatMs } from '../figures.js';
import { displayWidth, padEnd, wrapWords } from '../text-width.js';
import type { MeshCell, MeshValue } from './cell.js';
import { meshGrid, type MeshGrid } from './grid.js';
import { heatPainter } from './heat.js';
import type { MeshTableOptions } from './table-options.js';
import { displayNames, uniqueCuts } from './names.js';
import { sinceText } from './since-text.js';
import { worstPairLines } from './worst-pairs.js';

/** What names may be cut to, and where even that has no room: numbers say more than `web…00`. */
const leastColumnName = 10;
const mostColumnName = 16;
const leastRowName = 8;
const mostRowName = 40;

/** One mesh: a heat map, with names or with numbers above its columns; where neither fits, its worst pairs. */
export function meshTableLines(mesh: Mesh, options: MeshTableOptions): string[] {
  const grid = meshGrid(mesh, options.protocol, options.value);
  if (grid.rows.length === 0 || grid.columns.length === 0) return [];
  const map = options.headers
    ? (namedLines(grid, options, 'text') ??
      namedLines(grid, options, 'short') ??
      numberedLines(grid, options, 'text') ??
      numberedLines(grid, options, 'short'))
    : undefined;
  return map === undefined ? worstPairLines(mesh, options) : [...map, ...legendLines(grid, options)];
}

type How = 'text' | 'short';

const cellWidth = (column: number, { rows }: MeshGrid, how: How) =>
  rows.reduce((widest, { cells }) => Math.max(widest, displayWidth(cells[column]?.[how] ?? '')), 1);

/** What of a row is known only in part, or not at all, stands at its name. */
function rowNames({ rows }: MeshGrid, names: ReadonlyMap<MeshMember, string>): string[] {
  return rows.map(({ source }) => {
    const name = names.get(source) ?? '';
    return source.unread > 0 && source.read > 0 ? `${name} (${source.unread} of ${source.pods} unread)` : name;
  });
}

function namesOf({ columns }: MeshGrid): Map<MeshMember, string> {
  const names = displayNames(columns);
  return new Map(columns.map((member, index) => [member, names[index] ?? '']));
}

/** The names of destinations above their columns, all of them cut alike. Undefined where it is too wide or they would look the same. */
function namedLines(grid: MeshGrid, options: MeshTableOptions, how: How): string[] | undefined {
  const names = namesOf(grid);
  const { width } = options;
  const all = [...names.values()];
  for (let most = mostColumnName; most >= leastColumnName; most--) {
    const headers = uniqueCuts(all, leastColumnName, most);
    if (headers === undefined) return undefined;
    const widths = headers.map((header, column) => Math.max(displayWidth(header), cellWidth(column, grid, how)));
    const left = width - widths.reduce((sum, each) => sum + each + 1, 0);
    const rows = uniqueCuts(rowNames(grid, names), leastRowName, Math.min(left, mostRowName));
    if (rows !== undefined && left >= Math.max(...rows.map(displayWidth)))
      return gridLines(grid, { rows, headers, widths, how }, options);
  }
  return undefined;
}

/** Numbers above the columns; the rows have them before their names, and what is no row stands in a line below. */
function numberedLines(grid: MeshGrid, options: MeshTableOptions, how: How): string[] | undefined {
  const names = namesOf(grid);
  const numbers = new Map(grid.columns.map((member, index) => [member, String(index + 1)]));
  const digits = String(grid.columns.length).length;
  const headers = [...numbers.values()];
  const widths = headers.map((header, column) => Math.max(header.length, cellWidth(column, grid, how)));
  const left = options.width - widths.reduce((sum, each) => sum + each + 1, 0) - digits - 1;
  const cut = uniqueCuts(rowNames(grid, names), leastRowName, Math.min(left, mostRowName));
  if (cut === undefined || left < Math.max(...cut.map(displayWidth))) return undefined;
  const rows = grid.rows.map(({ source }, row) => `${(numbers.get(source) ?? '').padStart(digits)} ${cut[row] ?? ''}`);
  const isRow = new Set(grid.rows.map(({ source }) => source));
  const others = grid.columns
    .filter((member) => !isRow.has(member))
    .map((member) => `${numbers.get(member) ?? ''} ${names.get(member) ?? ''}`);
  return [
    ...gridLines(grid, { rows, headers, widths, how }, options),
    ...(others.length === 0 ? [] : wrapWords([`columns: ${others.join(', ')}`].join('').split(' '), options.width)),
  ];
}

interface Layout {
  rows: readonly string[];
  headers: readonly string[];
  widths: readonly number[];
  how: How;
}

const padStart = (text: string, width: number) => ' '.repeat(Math.max(0, width - displayWidth(text))) + text;

function gridLines(grid: MeshGrid, { rows, headers, widths, how }: Layout, options: MeshTableOptions): string[] {
  const paint = heatPainter(options.color, grid.bounds);
  const corner = 'SOURCE';
  const first = Math.max(corner.length, ...rows.map(displayWidth));
  const cell = (each: MeshCell, column: number) => {
    const text = padStart(each[how], widths[column] ?? 0);
    return each[how] === '' ? text : paint(each, text);
  };
  const line = (texts: readonly string[]) => texts.join(' ').trimEnd();
  return [
    line([padEnd(corner, first), ...headers.map((header, column) => padStart(header, widths[column] ?? 0))]),
    ...grid.rows.map(({ cells }, row) => line([padEnd(rows[row] ?? '', first), ...cells.map(cell)])),
  ];
}

const words: Record<MeshValue, string> = {
  p50: 'median in ms',
  p95: 'p95 in ms',
  p99: 'p99 in ms',
  max: 'longest in ms',
  loss: 'loss',
};

/** What the signs and colours of this grid mean, and nothing that does not occur in it. */
function legendLines(
  { rows, columns, bounds }: MeshGrid,
  { protocol, value, sinceMs, width, color }: MeshTableOptions,
): string[] {
  const cells = rows.flatMap((row) => row.cells);
  const has = (state: MeshCell['state'], text: string) => (cells.some((cell) => cell.state === state) ? [text] : []);
  const paint = heatPainter(color, bounds);
  const steps = bounds.map((bound) => {
    const text = `≤${formatMs(bound)}`;
    return paint({ state: 'good', text, short: text, ms: bound }, ` ${text} `);
  });
  const last = bounds.at(-1);
  const more = last === undefined ? [] : [paint({ state: 'good', text: '', short: '', ms: Infinity }, ' more ')];
  const heat = color === 0 || steps.length === 0 || value === 'loss' ? [] : [`${steps.join('')}${more.join('')}`];
  const names = displayNames(columns);
  const left = columns.flatMap((member, column) => (member.left === true ? [names[column] ?? ''] : []));
  const parts = [
    `${protocol}, ${words[value]}, last ${sinceText(sinceMs)}`,
    ...has('failing', '✗ probes fail, and how many'),
    ...has('few', 'few: too few samples'),
    ...has('unknown', '- not probed'),
    ...has('unread', '? prober not read'),
    ...(left.length === 0 ? [] : [`not in the peer lists any more: ${left.join(', ')}`]),
  ];
  const text = wrapWords(parts.join('; ').split(' '), width);
  return ['', ...text, ...heat];
}

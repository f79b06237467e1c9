// SPDX-License-Identifier: Apache-2.0
import type { Mesh } from '../../model/mesh.js';
import { heatMatrixLines, type HeatMatrix } from '../heat-matrix.js';
import { wrapWords } from '../text-width.js';
import type { MeshCell, MeshValue } from './cell.js';
import { meshGrid, type MeshGrid } from './grid.js';
import { heatPainter, heatScale } from './heat.js';
import type { MeshTableOptions } from './table-options.js';
import { displayNames } from './names.js';
import { sinceText } from './since-text.js';
import { worstPairLines } from './worst-pairs.js';

/** One mesh: a heat map, with names or with numbers above its columns; where neither fits, its worst pairs. */
export function meshTableLines(mesh: Mesh, options: MeshTableOptions): string[] {
  const grid = meshGrid(mesh, options.protocol, options.value);
  if (grid.rows.length === 0 || grid.columns.length === 0) return [];
  const map = options.headers ? heatMatrixLines(matrixOf(grid, options), options.width) : undefined;
  return map === undefined ? worstPairLines(mesh, options) : [...map, ...legendLines(grid, options)];
}

function matrixOf({ rows, columns, bounds }: MeshGrid, { color }: MeshTableOptions): HeatMatrix<MeshCell> {
  const names = displayNames(columns);
  return {
    corner: 'SOURCE',
    columns: names,
    rows: rows.map(({ source, cells }) => {
      const column = columns.indexOf(source);
      const name = names[column] ?? '';
      // What of a row is known only in part stands at its name.
      const isPartial = source.unread > 0 && source.read > 0;
      return { name: isPartial ? `${name} (${source.unread} of ${source.pods} unread)` : name, column, cells };
    }),
    texts: [({ text }) => text, ({ short }) => short],
    paint: heatPainter(color, bounds),
  };
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
  const heat = value === 'loss' ? [] : heatScale(color, bounds);
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

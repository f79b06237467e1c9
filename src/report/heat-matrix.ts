// SPDX-License-Identifier: Apache-2.0
import { uniqueCuts } from './unique-cuts.js';
import { displayWidth, padEnd, wrapWords } from './text-width.js';

/** What names may be cut to, and where even that has no room: numbers say more than `web…00`. */
const leastColumnName = 10;
const mostColumnName = 16;
const leastRowName = 8;
const mostRowName = 40;

/** Sources down, destinations across, as plain texts. */
export interface HeatMatrix<Cell> {
  /** What stands above the names of rows. */
  corner: string;
  /** Names above the columns. */
  columns: readonly string[];
  /** `column`: its own place among the columns. */
  rows: readonly { name: string; column: number; cells: readonly Cell[] }[];
  /** Ways to write a cell, in less and less room. */
  texts: readonly ((cell: Cell) => string)[];
  paint: (cell: Cell, text: string) => string;
}

/** A matrix with names or with numbers above its columns; undefined where neither fits `width`, or names would look the same. */
export function heatMatrixLines<Cell>(matrix: HeatMatrix<Cell>, width: number): string[] | undefined {
  const { rows, columns, texts } = matrix;
  // A column takes at least two characters; nothing is measured that cannot fit.
  if (rows.length === 0 || columns.length === 0 || columns.length * 2 > width) return undefined;
  const written = texts.map((text) => rows.map(({ cells }) => cells.map(text)));
  for (const naming of [namedLines, numberedLines]) {
    for (const cells of written) {
      const lines = naming(matrix, cells, width);
      if (lines !== undefined) return lines;
    }
  }
  return undefined;
}

type Texts = readonly (readonly string[])[];

function cellWidths(columns: readonly string[], texts: Texts): number[] {
  return columns.map((_, column) =>
    texts.reduce((widest, cells) => Math.max(widest, displayWidth(cells[column] ?? '')), 1),
  );
}

/** The names of destinations above their columns, all of them cut alike. Undefined where it is too wide or they would look the same. */
function namedLines<Cell>(matrix: HeatMatrix<Cell>, texts: Texts, width: number): string[] | undefined {
  const needed = cellWidths(matrix.columns, texts);
  const rowNames = matrix.rows.map(({ name }) => name);
  for (let most = mostColumnName; most >= leastColumnName; most--) {
    const headers = uniqueCuts(matrix.columns, leastColumnName, most);
    if (headers === undefined) return undefined;
    const widths = headers.map((header, column) => Math.max(displayWidth(header), needed[column] ?? 0));
    const left = width - widths.reduce((sum, each) => sum + each + 1, 0);
    const rows = uniqueCuts(rowNames, leastRowName, Math.min(left, mostRowName));
    if (rows !== undefined && left >= Math.max(matrix.corner.length, ...rows.map(displayWidth)))
      return layOut(matrix, texts, { rows, headers, widths });
  }
  return undefined;
}

/** Numbers above the columns; the rows have them before their names, and what is no row stands in a line below. */
function numberedLines<Cell>(matrix: HeatMatrix<Cell>, texts: Texts, width: number): string[] | undefined {
  const { columns } = matrix;
  const digits = String(columns.length).length;
  const headers = columns.map((_, index) => String(index + 1));
  const needed = cellWidths(columns, texts);
  const widths = headers.map((header, column) => Math.max(header.length, needed[column] ?? 0));
  const left = width - widths.reduce((sum, each) => sum + each + 1, 0) - digits - 1;
  const names = matrix.rows.map(({ name }) => name);
  const cut = uniqueCuts(names, leastRowName, Math.min(left, mostRowName));
  if (cut === undefined || left < Math.max(...cut.map(displayWidth))) return undefined;
  const rows = matrix.rows.map(({ column }, row) => `${(headers[column] ?? '').padStart(digits)} ${cut[row] ?? ''}`);
  const isRow = new Set(matrix.rows.map(({ column }) => column));
  const others = columns.flatMap((name, column) => (isRow.has(column) ? [] : [`${headers[column] ?? ''} ${name}`]));
  return [
    ...layOut(matrix, texts, { rows, headers, widths }),
    ...(others.length === 0 ? [] : wrapWords(`columns: ${others.join(', ')}`.split(' '), width)),
  ];
}

interface Layout {
  rows: readonly string[];
  headers: readonly string[];
  widths: readonly number[];
}

const padStart = (text: string, width: number) => ' '.repeat(Math.max(0, width - displayWidth(text))) + text;

function layOut<Cell>(
  { corner, rows, paint }: HeatMatrix<Cell>,
  texts: Texts,
  { rows: names, headers, widths }: Layout,
): string[] {
  const first = Math.max(corner.length, ...names.map(displayWidth));
  const line = (parts: readonly string[]) => parts.join(' ').trimEnd();
  return [
    line([padEnd(corner, first), ...headers.map((header, column) => padStart(header, widths[column] ?? 0))]),
    ...rows.map(({ cells }, row) =>
      line([
        padEnd(names[row] ?? '', first),
        ...cells.map((cell, column) => {
          const text = texts[row]?.[column] ?? '';
          const padded = padStart(text, widths[column] ?? 0);
          return text === '' ? padded : paint(cell, padded);
        }),
      ]),
    ),
  ];
}

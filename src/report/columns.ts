// SPDX-License-Identifier: Apache-2.0
import Table from 'cli-table3';
import { displayWidth, shortenMiddle } from './text-width.js';

/** kubectl separates columns by three spaces. */
const gap = '   ';

/** One column of a text table: plain texts, which are coloured only after they have been fitted. */
export interface Column {
  /** Lines of the column's name. */
  header: readonly string[];
  cells: readonly string[];
  /** Columns that its texts may be shortened to: readily, and before anything is left out. Never shortened without. */
  shortenTo?: { readily: number; atMost: number };
  /** A narrower way to say the same, taken before names are cut hard. */
  narrow?: Column;
  /** The column may be left out where there is no room; the highest number goes first. */
  leaveOut?: number;
  paint?: (text: string, row: number) => string;
}

function naturalWidth(column: Column): number {
  return [...column.header, ...column.cells].reduce((widest, text) => Math.max(widest, displayWidth(text)), 0);
}

/** Widths that fit, found by taking from the widest column that may be shortened; undefined when there are none. */
function fittingWidths(columns: readonly Column[], width: number, how: 'readily' | 'atMost'): number[] | undefined {
  const widths = columns.map(naturalWidth);
  let excess = widths.reduce((sum, each) => sum + each, 0) + gap.length * (columns.length - 1) - width;
  while (excess > 0) {
    let widest = -1;
    for (const [index, { shortenTo }] of columns.entries()) {
      const current = widths[index] ?? 0;
      if (shortenTo !== undefined && current > shortenTo[how] && current > (widths[widest] ?? 0)) widest = index;
    }
    if (widest === -1) return undefined;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function shortened(columns: readonly Column[], widths: readonly number[]): Column[] {
  return columns.map((column, index) => {
    const width = widths[index] ?? 0;
    const cut = (text: string) => shortenMiddle(text, width);
    return { ...column, header: column.header.map(cut), cells: column.cells.map(cut) };
  });
}

/** The columns with their texts shortened to fit `width`, none left out; undefined when that cannot be. */
export function fitColumns(columns: readonly Column[], width: number): Column[] | undefined {
  const narrow = columns.map((column) => column.narrow ?? column);
  for (const [candidates, how] of [
    [columns, 'readily'],
    [narrow, 'readily'],
    [narrow, 'atMost'],
  ] as const) {
    const widths = fittingWidths(candidates, width, how);
    if (widths !== undefined) return shortened(candidates, widths);
  }
  return undefined;
}

/** The columns fitted to `width`, some left out if need be. Where nothing helps, as narrow as it gets. */
export function squeezeColumns(columns: readonly Column[], width: number): Column[] {
  const fitted = fitColumns(columns, width);
  if (fitted !== undefined) return fitted;
  const expendable = Math.max(...columns.map((column) => column.leaveOut ?? 0));
  if (expendable > 0) {
    return squeezeColumns(
      columns.filter((column) => column.leaveOut !== expendable),
      width,
    );
  }
  const narrow = columns.map((column) => column.narrow ?? column);
  return shortened(
    narrow,
    narrow.map((column) => Math.min(naturalWidth(column), column.shortenTo?.atMost ?? Infinity)),
  );
}

/** cli-table3 takes time that grows with the square of the rows, so a long table is laid out in parts of the same widths. */
const rowsAtOnce = 20;

function kubectlTable(colWidths: number[]): Table.Table {
  return new Table({
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: gap,
    },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colWidths,
  });
}

/** The columns as lines in kubectl's look: no borders, upper-case names, nothing behind the last text of a line. */
export function columnLines(columns: readonly Column[], headers: boolean): string[] {
  const count = columns[0]?.cells.length ?? 0;
  const body = Array.from({ length: count }, (_, row) =>
    columns.map(({ cells, paint }) => paint?.(cells[row] ?? '', row) ?? cells[row] ?? ''),
  );
  const rows = headers ? [columns.map((column) => column.header.join('\n')), ...body] : body;
  const widths = columns.map(naturalWidth);
  const lines: string[] = [];
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    const table = kubectlTable(widths);
    table.push(...rows.slice(start, start + rowsAtOnce));
    lines.push(...table.toString().split('\n'));
  }
  return lines.map((line) => line.trimEnd());
}

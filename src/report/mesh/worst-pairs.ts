// SPDX-License-Identifier: Apache-2.0
import { counted } from '../../model/counted.js';
import type { Mesh } from '../../model/mesh.js';
import { columnLines, squeezeColumns, type Column } from '../columns.js';
import { formatMs, formatPercent } from '../figures.js';
import { pairMs } from './cell.js';
import { pairsOf } from './grid.js';
import { displayNames } from './names.js';
import { failuresText, worstFirst } from './pair-order.js';
import type { MeshTableOptions } from './table-options.js';

const shownPairs = 15;

/** The worst pairs of a mesh that is too large for a matrix. */
export function worstPairLines(
  mesh: Mesh,
  { protocol, value, width, headers }: Omit<MeshTableOptions, 'color'>,
): string[] {
  const worst = worstFirst(pairsOf(mesh, protocol), value);
  const shown = worst.slice(0, shownPairs);
  const names = displayNames(mesh.members);
  const nameOf = new Map(mesh.members.map(({ name }, index) => [name, names[index] ?? '']));
  const column = (header: string, cells: string[], more?: Partial<Column>): Column => ({
    header: [header],
    cells,
    ...more,
  });
  const name = { shortenTo: { readily: 24, atMost: 10 } };
  const figure = value === 'loss' ? 'p50' : value;
  const columns = [
    column(
      'SOURCE',
      shown.map(({ source }) => nameOf.get(source) ?? ''),
      name,
    ),
    column(
      'DESTINATION',
      shown.map(({ destination }) => nameOf.get(destination) ?? ''),
      name,
    ),
    column(
      'LOSS',
      shown.map(({ failed, lossPercent = 0 }) => `${failed > 0 ? '✗ ' : ''}${formatPercent(lossPercent)}`),
    ),
    column(
      `${figure.toUpperCase()} MS`,
      shown.map((pair) => formatted(pairMs(pair, figure))),
    ),
    column(
      'MAX MS',
      shown.map(({ rttMs }) => formatted(rttMs?.max)),
      { leaveOut: 1 },
    ),
    column('FAILURES', shown.map(failuresText), { leaveOut: 2 }),
  ];
  const lines = shown.length === 0 ? [] : columnLines(squeezeColumns(columns, width), headers);
  const rest = worst.length - shown.length;
  const unread = mesh.members.filter(({ read, unread }) => read === 0 && unread > 0);
  return [
    ...lines,
    ...(headers && rest > 0
      ? ['', `the worst ${shown.length} of ${worst.length} pairs; -o wide shows all of them`]
      : []),
    ...(headers && unread.length > 0
      ? [`? ${counted(unread.length, 'member')} not read: nothing is known of what they reach`]
      : []),
  ];
}

function formatted(ms: number | undefined): string {
  return ms === undefined ? '-' : formatMs(ms);
}

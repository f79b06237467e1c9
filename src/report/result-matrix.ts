// SPDX-License-Identifier: Apache-2.0
import type { Result } from '../model/report.js';
import { type Column, columnLines, fitColumns } from './columns.js';
import { addressText, groupBy, isOneDestination, memberText, sourceKey, sourceLabels } from './destination-label.js';
import { formatMs, formatPercent, meanMs, reachedAttempts } from './figures.js';
import { mtuText } from './mtu-text.js';
import { plainText } from './plain-text.js';
import type { RenderOptions } from './render-options.js';
import { displayWidth } from './text-width.js';
import { type PaintVerdict, verdictPainter, verdictText } from './verdict-style.js';

/** The same for what sources have in common as a destination. A host name may resolve differently in each of them. */
function destinationKey({
  probe,
  destination: { ref, kind, namespace, name, address, port, protocol },
}: Result): string {
  return [probe, ref, kind, namespace, name, kind === 'host' ? '' : address, port, protocol].join('\n');
}

/** The one figure that says most: the loss, the path MTU, the hops or the mean time, else the reason. */
function shortFigure(result: Result): string {
  const { lossPercent, verdict, reason } = result;
  if (lossPercent !== undefined && lossPercent > 0 && lossPercent < 100) return `${formatPercent(lossPercent)} loss`;
  const attempts = reachedAttempts(result);
  if (attempts !== undefined && attempts.reached > 0 && attempts.reached < attempts.total) {
    return `${attempts.reached}/${attempts.total}`;
  }
  if (verdict === 'pass' && result.mtu !== undefined) return mtuText(result);
  const hops = result.hops?.at(-1)?.hop;
  if (reason === 'Arrived' && hops !== undefined) return `${hops} ${hops === 1 ? 'hop' : 'hops'}`;
  const ms = meanMs(result);
  // How long nothing was heard is no figure.
  return verdict === 'pass' && result.expect !== 'deny' && ms !== undefined ? `${formatMs(ms)} ms` : reason;
}

/** A figure for what has one, and for the rest the verdict alone: narrower than with the reason. */
function cellText(result: Result, withReasons: boolean): string {
  const figure = shortFigure(result);
  return !withReasons && figure === result.reason
    ? verdictText(result.verdict)
    : `${verdictText(result.verdict)} ${figure}`;
}

interface MatrixColumn {
  header: string[];
  key: string;
}

function matrixColumns(results: readonly Result[]): MatrixColumn[] {
  const destinations = groupBy(results, destinationKey).flatMap((group) => group.slice(0, 1));
  return groupBy(destinations, ({ destination }) => destination.ref).flatMap((group) =>
    group.map((result) => {
      const { destination } = result;
      const byAddress = destination.kind === 'service' || isOneDestination(group);
      const member = byAddress ? addressText(destination) : memberText(destination);
      const ref = plainText(destination.ref);
      return { key: destinationKey(result), header: group.length === 1 ? [ref] : [ref, member] };
    }),
  );
}

function paintCell(paint: PaintVerdict, result: Result | undefined, text: string): string {
  if (result === undefined) return text;
  const word = verdictText(result.verdict);
  return paint(result.verdict, word) + text.slice(word.length);
}

/**
 * Sources down, destinations across. Undefined where that would not be read: too wide, names that look alike when
 * shortened, several tests in one cell, or nothing to tell the columns apart (`--no-headers`).
 */
export function resultMatrixLines(results: readonly Result[], options: RenderOptions): string[] | undefined {
  if (!options.headers) return undefined;
  const labelOf = sourceLabels(results);
  const paint = verdictPainter(options.color);
  const columns = matrixColumns(results);
  const rows = groupBy(results, ({ source }) => sourceKey(source)).map((group) => ({
    source: group[0] === undefined ? '' : labelOf(group[0].source),
    cells: new Map(group.map((result) => [destinationKey(result), result])),
    tests: group.length,
  }));
  if (rows.some(({ cells, tests }) => cells.size < tests)) return undefined;

  for (const withReasons of [true, false]) {
    const table = columns.map(({ header, key }): Column => {
      const found = rows.map(({ cells }) => cells.get(key));
      const cells = found.map((result) => (result === undefined ? '' : cellText(result, withReasons)));
      const narrowest = cells.reduce((widest, text) => Math.max(widest, displayWidth(text)), 12);
      return {
        header,
        cells,
        shortenTo: { readily: Math.max(20, narrowest), atMost: narrowest },
        paint: (text, row) => paintCell(paint, found[row], text),
      };
    });
    const sources = {
      header: ['SOURCE'],
      cells: rows.map(({ source }) => source),
      shortenTo: { readily: 20, atMost: 12 },
    };
    const fitted = fitColumns([sources, ...table], options.width);
    if (fitted === undefined) continue;
    const names = fitted.slice(1).map(({ header }) => header.join('\n'));
    const sourceNames = fitted[0]?.cells ?? [];
    if (new Set(names).size < names.length || new Set(sourceNames).size < sourceNames.length) return undefined;
    return columnLines(fitted, true);
  }
  return undefined;
}

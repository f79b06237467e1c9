// SPDX-License-Identifier: Apache-2.0
import type { Result } from '../model/report.js';
import { type Column, columnLines, squeezeColumns } from './columns.js';
import {
  addressText,
  type DestinationLine,
  destinationLines,
  groupBy,
  sourceKey,
  sourceLabels,
} from './destination-label.js';
import { formatMs, formatPercent, meanMs, reachedAttempts } from './figures.js';
import { plainText } from './plain-text.js';
import type { RenderOptions } from './render-options.js';
import { verdictPainter, verdictText } from './verdict-style.js';

interface Line extends DestinationLine {
  source: string;
}

function linesOf(results: readonly Result[]): Line[] {
  const labelOf = sourceLabels(results);
  return groupBy(results, ({ source }) => sourceKey(source)).flatMap((group) => {
    const source = group[0] === undefined ? '' : labelOf(group[0].source);
    return destinationLines(group).map((line) => ({ ...line, source }));
  });
}

function timeColumn(lines: readonly Line[], lineCells: (cell: (result: Result) => string) => string[]): Column {
  const mean = (result: Result) => {
    const ms = meanMs(result);
    return ms === undefined ? '' : `${formatMs(ms)} ms`;
  };
  const probes = new Set(lines.flatMap(({ result }) => (result === undefined ? [] : [result.probe])));
  if (!probes.has('icmp')) {
    return { header: ['CONNECT'], cells: lineCells(mean), leaveOut: 2 };
  }
  return {
    header: ['AVG/P50/MAX MS'],
    cells: lineCells(({ rttMs }) =>
      rttMs === undefined ? '' : [rttMs.avg, rttMs.p50, rttMs.max].map(formatMs).join('/'),
    ),
    narrow: { header: ['AVG'], cells: lineCells(mean), leaveOut: 2 },
    leaveOut: 2,
  };
}

function lossColumn(lines: readonly Line[], lineCells: (cell: (result: Result) => string) => string[]): Column {
  if (lines.some(({ result }) => result?.probe === 'icmp')) {
    const loss = ({ lossPercent }: Result) => (lossPercent === undefined ? '' : formatPercent(lossPercent));
    return { header: ['LOSS'], cells: lineCells(loss), leaveOut: 3 };
  }
  const attempts = (result: Result) => {
    const counts = reachedAttempts(result);
    return counts === undefined ? '' : `${counts.reached}/${counts.total}`;
  };
  const column = { cells: lineCells(attempts), leaveOut: 3 };
  return { ...column, header: ['REACHED'], narrow: { ...column, header: ['OK'] } };
}

function tlsText({ tls }: Result): string {
  if (tls === undefined) return '';
  if (tls.error !== undefined) return plainText(tls.error);
  return tls.notAfter === undefined ? 'ok' : `valid to ${plainText(tls.notAfter).slice(0, 10)}`;
}

/** Who showed that a denied destination can be reached: without it, `deny` proves nothing. */
function controlText({ control }: Result): string {
  if (control === undefined) return '';
  return `${control.reached ? 'reached from' : 'nor from'} ${plainText(control.source)}`;
}

/** A line a test; the columns that have nothing to say, or no room, are left out. */
export function resultListLines(results: readonly Result[], { width, color, headers }: RenderOptions): string[] {
  const lines = linesOf(results);
  const paint = verdictPainter(color);
  const lineCells = (cell: (result: Result) => string) =>
    lines.map(({ result }) => (result === undefined ? '' : cell(result)));
  const name = { readily: 20, atMost: 12 };
  const severalSources = new Set(lines.map(({ source }) => source)).size > 1;
  // Where two lines bear the same label, only the address tells them apart.
  const labelsTellApart = new Set(lines.map(({ source, label }) => `${source}\n${label}`)).size === lines.length;
  const columns: Column[] = [
    ...(severalSources ? [{ header: ['SOURCE'], cells: lines.map(({ source }) => source), shortenTo: name }] : []),
    { header: ['DESTINATION'], cells: lines.map(({ label }) => label), shortenTo: name },
    {
      // An IPv4 address with a port is never shortened.
      header: ['ADDRESS/PORT'],
      cells: lineCells(({ destination }) => addressText(destination)),
      shortenTo: { readily: 25, atMost: 21 },
      leaveOut: labelsTellApart ? 4 : 1,
    },
    ...(results.some(({ expect }) => expect === 'deny')
      ? [{ header: ['EXPECT'], cells: lineCells(({ expect }) => expect) }]
      : []),
    {
      header: ['VERDICT'],
      cells: lineCells(({ verdict }) => verdictText(verdict)),
      paint: (text, row) => {
        const verdict = lines[row]?.result?.verdict;
        return verdict === undefined ? text : paint(verdict, text);
      },
    },
    { header: ['REASON'], cells: lineCells(({ reason }) => reason) },
    ...(results.some((result) => meanMs(result) !== undefined) ? [timeColumn(lines, lineCells)] : []),
    lossColumn(lines, lineCells),
    ...(results.some(({ control }) => control !== undefined)
      ? [{ header: ['CONTROL'], cells: lineCells(controlText), shortenTo: name, leaveOut: 4 }]
      : []),
    ...(results.some(({ tls }) => tls !== undefined)
      ? [{ header: ['TLS'], cells: lineCells(tlsText), shortenTo: { readily: 19, atMost: 12 }, leaveOut: 5 }]
      : []),
  ];
  return columnLines(squeezeColumns(columns, width), headers);
}

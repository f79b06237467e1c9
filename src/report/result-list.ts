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
import { interfaceText, limitText, mtuText } from './mtu-text.js';
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

/** What the times of a probe are of, where that is not a connect. */
const timeNames: Partial<Record<Result['probe'], string>> = { dns: 'QUERY', http: 'TOTAL' };

function timeColumn(lines: readonly Line[], lineCells: (cell: (result: Result) => string) => string[]): Column {
  const mean = (result: Result) => {
    const ms = meanMs(result);
    return ms === undefined ? '' : `${formatMs(ms)} ms`;
  };
  const probes = new Set(lines.flatMap(({ result }) => (result === undefined ? [] : [result.probe])));
  if (!probes.has('icmp')) {
    const names = new Set([...probes].map((probe) => timeNames[probe] ?? 'CONNECT'));
    return { header: [names.size === 1 ? ([...names][0] ?? '') : 'TIME'], cells: lineCells(mean), leaveOut: 2 };
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

/** Answers that a line names. */
const answersNamed = 2;

function answerText({ dns }: Result): string {
  if (dns === undefined) return '';
  const { answers, rcode = '', queries } = dns;
  const more = answers.length > answersNamed ? ` +${answers.length - answersNamed}` : '';
  const text = answers.length === 0 ? rcode : answers.slice(0, answersNamed).join(', ') + more;
  return plainText(queries > 1 && text !== '' ? `${text} (${queries} queries)` : text);
}

function statusText({ http }: Result): string {
  if (http?.status === undefined) return '';
  const { status, version, location, redirects, finalUrl } = http;
  const to = location ?? (redirects === undefined ? undefined : finalUrl);
  return plainText(`${status}${version === undefined ? '' : ` HTTP/${version}`}${to === undefined ? '' : ` → ${to}`}`);
}

/** When each phase of a request was over, counted from its beginning; `-` for TLS where there was none. */
function phasesText({ http }: Result): string {
  if (http?.phases === undefined) return '';
  const { nameMs, connectMs, tlsMs, firstByteMs } = http.phases;
  const tls = tlsMs === undefined ? '-' : formatMs(tlsMs);
  return [formatMs(nameMs), formatMs(connectMs), tls, formatMs(firstByteMs)].join('/');
}

function tlsText({ tls }: Result): string {
  if (tls === undefined) return '';
  if (tls.error !== undefined) return plainText(tls.error);
  return tls.notAfter === undefined ? 'ok' : `valid to ${plainText(tls.notAfter).slice(0, 10)}`;
}

/** Of `mtu`: what passes, what the interface takes, and what stands in the way. */
function mtuColumns(results: readonly Result[], lineCells: (cell: (result: Result) => string) => string[]): Column[] {
  if (!results.some(({ mtu }) => mtu !== undefined)) return [];
  const isBothWays = results.some(({ mtu }) => mtu?.reverse !== undefined);
  return [
    {
      header: [isBothWays ? 'MTU THERE/BACK' : 'MTU'],
      cells: lineCells(mtuText),
      narrow: { header: ['MTU'], cells: lineCells(mtuText), leaveOut: 1 },
      leaveOut: 1,
    },
    { header: ['INTERFACE'], cells: lineCells(({ mtu }) => interfaceText(mtu)), leaveOut: 2 },
    {
      header: ['LIMITED BY'],
      cells: lineCells(limitText),
      shortenTo: { readily: 22, atMost: 10 },
      leaveOut: 3,
    },
  ];
}

/** Of `trace`: how far it is, and how long it takes to there. The hops themselves stand below. */
function traceColumns(results: readonly Result[], lineCells: (cell: (result: Result) => string) => string[]): Column[] {
  if (!results.some(({ hops }) => hops !== undefined)) return [];
  const arrivedAt = ({ reason, hops }: Result) => (reason === 'Arrived' ? hops?.at(-1) : undefined);
  const time = (result: Result) => {
    const rttMs = arrivedAt(result)?.rttMs;
    return rttMs === undefined ? '' : `${formatMs(rttMs.avg)} ms`;
  };
  return [
    { header: ['HOPS'], cells: lineCells((result) => `${arrivedAt(result)?.hop ?? ''}`), leaveOut: 3 },
    { header: ['AVG'], cells: lineCells(time), leaveOut: 2 },
  ];
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
    ...mtuColumns(results, lineCells),
    ...traceColumns(results, lineCells),
    ...(results.every(({ probe }) => probe === 'mtu' || probe === 'trace') ? [] : [lossColumn(lines, lineCells)]),
    ...(results.some(({ control }) => control !== undefined)
      ? [{ header: ['CONTROL'], cells: lineCells(controlText), shortenTo: name, leaveOut: 4 }]
      : []),
    ...(results.some(({ dns }) => dns !== undefined)
      ? [{ header: ['ANSWER'], cells: lineCells(answerText), shortenTo: { readily: 24, atMost: 15 }, leaveOut: 4 }]
      : []),
    ...(results.some(({ http }) => http !== undefined)
      ? [{ header: ['STATUS'], cells: lineCells(statusText), shortenTo: { readily: 24, atMost: 12 }, leaveOut: 4 }]
      : []),
    ...(results.some(({ http }) => http?.phases !== undefined)
      ? [{ header: ['NAME/CONNECT/TLS/FIRST BYTE'], cells: lineCells(phasesText), leaveOut: 6 }]
      : []),
    ...(results.some(({ tls }) => tls !== undefined)
      ? [{ header: ['TLS'], cells: lineCells(tlsText), shortenTo: { readily: 19, atMost: 12 }, leaveOut: 5 }]
      : []),
  ];
  return columnLines(squeezeColumns(columns, width), headers);
}

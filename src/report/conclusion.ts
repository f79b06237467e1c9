// SPDX-License-Identifier: Apache-2.0
import type { Report, Result, Summary } from '../model/report.js';
import type { Verdict } from '../model/verdict.js';
import { causesOf, firstOf } from './causes.js';
import { groupBy, sourceKey } from './destination-label.js';
import { formatDuration } from './figures.js';
import { plainText } from './plain-text.js';
import type { RenderOptions } from './render-options.js';
import { wrapWords } from './text-width.js';
import { verdictPainter, verdictText } from './verdict-style.js';

/** Causes that are written out; the rest is counted, because a screen of them helps nobody. */
const causesShown = 10;

const summaryOrder = ['pass', 'fail', 'inconclusive', 'unsupported', 'error'] as const satisfies readonly Verdict[];

/** `7 tests: 5 pass, 1 fail, 1 inconclusive in 1.2 s`, in pieces that stay together when the line is wrapped; without a time where none is given. */
export function summaryWords(summary: Summary, durationMs?: number): string[] {
  const counts = summaryOrder
    .filter((verdict) => summary[verdict] > 0)
    .map((verdict) => `${summary[verdict]} ${verdict}`);
  const tests = `${summary.total} ${summary.total === 1 ? 'test' : 'tests'}`;
  return [
    counts.length === 0 ? tests : `${tests}:`,
    ...counts.map((count, index) => (index < counts.length - 1 ? `${count},` : count)),
    ...(durationMs === undefined ? [] : [`in ${formatDuration(durationMs)}`]),
  ];
}

function sourceLines(results: readonly Result[], width: number): string[] {
  const groups = groupBy(results, ({ source }) => sourceKey(source));
  const source = groups[0]?.[0]?.source;
  if (source === undefined || groups.length > 1) return [];
  const addresses = [...new Set(results.map((result) => result.source.ip))].filter((ip) => ip !== '').join(', ');
  const where = addresses === '' ? '' : ` (${addresses})`;
  const node = source.node === '' ? '' : ` on ${source.node}`;
  return wrapWords(plainText(`source: ${sourceKey(source)}${where}${node}`).split(' '), width);
}

/** Which tests were made under which shape: what they say is of the network as it was made, and not as it is. */
function shapeLines(results: readonly Result[], width: number): string[] {
  const shaped = groupBy(
    results.filter(({ shape }) => shape !== undefined),
    ({ shape = '' }) => shape,
  );
  return shaped.flatMap((group) => {
    const tests = plainText(firstOf(group.map(({ test = '' }) => test)));
    return wrapWords(plainText(`under the shape "${group[0]?.shape ?? ''}": ${tests}`).split(' '), width);
  });
}

/** What stands below a table: the source where there is one, shapes, the summary, warnings, and each distinct cause of trouble. */
export function conclusionLines(report: Report, { width, color }: RenderOptions): string[] {
  const paint = verdictPainter(color);
  const summary = wrapWords(summaryWords(report.summary, report.durationMs), width).map((line) =>
    line.replace(/\d+ (pass|fail|inconclusive|unsupported|error)/g, (text, verdict: Verdict) => paint(verdict, text)),
  );
  const warnings = report.warnings.flatMap((warning) => wrapWords(`Warning: ${plainText(warning)}`.split(' '), width));
  const causes = causesOf(report);
  const shown = causes.slice(0, causesShown).flatMap(({ verdict, text }) => {
    const [symbol = ''] = verdictText(verdict);
    const [first = '', ...rest] = wrapWords([symbol, ...text.split(' ')], width);
    return [paint(verdict, symbol) + first.slice(symbol.length), ...rest];
  });
  const hidden = causes.length - causesShown;
  const more = hidden > 0 ? wrapWords(`… and ${hidden} more: -o wide shows every message`.split(' '), width) : [];
  return [
    ...sourceLines(report.results, width),
    ...shapeLines(report.results, width),
    ...summary,
    ...warnings,
    ...shown,
    ...more,
  ];
}

// SPDX-License-Identifier: Apache-2.0
import type { Verdict } from '../model/verdict.js';
import { changeKinds, type ChangeKind, type DiffItem, type DiffSide, type ReportDiff } from '../model/report-diff.js';
import { type Column, columnLines, squeezeColumns } from './columns.js';
import { formatMs, formatPercent } from './figures.js';
import { plainText } from './plain-text.js';
import type { RenderOptions } from './render-options.js';
import { wrapWords } from './text-width.js';
import { verdictPainter, verdictText } from './verdict-style.js';

const symbols: Record<ChangeKind, string> = { worse: '✗', better: '✓', new: '+', gone: '-', unchanged: '=' };
/** In the colours of verdicts. */
const paintedAs: Partial<Record<ChangeKind, Verdict>> = { worse: 'fail', better: 'pass', gone: 'inconclusive' };

function sideText(side: DiffSide | undefined): string {
  if (side === undefined) return '<none>';
  const time = side.rttP95Ms ?? side.rttP50Ms;
  const figures = [
    ...(side.lossPercent === undefined || side.lossPercent === 0 ? [] : [`${formatPercent(side.lossPercent)} loss`]),
    ...(time === undefined ? [] : [`${formatMs(time)} ms`]),
  ];
  const word = side.verdict === 'pass' ? verdictText(side.verdict) : `${verdictText(side.verdict)} ${side.reason}`;
  return [word, ...figures].join(' ');
}

/** What there is to say of a test: what changed, else why it is as it is. */
function whatText({ differences, change, new: next }: DiffItem): string {
  if (differences.length > 0) return differences.join('; ');
  return change === 'new' && next !== undefined && next.verdict !== 'pass' ? next.message : '';
}

function columnsOf(items: readonly DiffItem[], color: boolean): Column[] {
  const paint = verdictPainter(color);
  const column = (header: string, value: (item: DiffItem) => string, more: Partial<Column> = {}): Column => ({
    header: [header],
    cells: items.map((item) => plainText(value(item))),
    ...more,
  });
  const name = { shortenTo: { readily: 20, atMost: 12 } };
  return [
    column('CHANGE', ({ change }) => `${symbols[change]} ${change}`, {
      paint: (text, row) => {
        const verdict = paintedAs[items[row]?.change ?? 'unchanged'];
        return verdict === undefined ? text : paint(verdict, text);
      },
    }),
    ...(items.some(({ test }) => test !== undefined)
      ? [column('TEST', ({ test, suite }) => test ?? suite ?? '', { ...name, leaveOut: 2 })]
      : []),
    column('PROBE', ({ probe }) => probe, { leaveOut: 3 }),
    column('SOURCE', ({ source }) => source, name),
    column('DESTINATION', ({ destination }) => destination, name),
    column('OLD', (item) => sideText(item.old), { leaveOut: 1 }),
    column('NEW', (item) => sideText(item.new)),
    column('WHAT', whatText, { shortenTo: { readily: 24, atMost: 12 }, leaveOut: 4 }),
  ];
}

/** `report --diff -o table`: what changed, a line a test (`wide`: everything), and what it adds up to. */
export function renderDiff(diff: ReportDiff, options: RenderOptions & { wide: boolean }): string {
  const items = diff.items.filter(({ change }) => options.wide || change !== 'unchanged');
  const width = options.wide ? Number.POSITIVE_INFINITY : options.width;
  const table = columnLines(squeezeColumns(columnsOf(items, options.color), width), options.headers);
  const counts = changeKinds.map((kind) => `${diff.summary[kind]} ${kind}`).join(', ');
  const { factor, floorMs } = diff.slowdown;
  const rule = `slower: more than ${factor} times and at least ${floorMs} ms more`;
  const words = `${diff.old.total} and ${diff.new.total} tests: ${counts} (${rule})`.split(' ');
  const lines = [...(items.length === 0 ? [] : [...table, '']), ...wrapWords(words, width)];
  return lines.map((line) => `${line}\n`).join('');
}

// SPDX-License-Identifier: Apache-2.0
import { clockTime } from '../model/clock-time.js';
import type { EffectMeasurement, ShapeRecord, ShapeReport, ShapeResult } from '../model/shaping.js';
import { columnLines, squeezeColumns, type Column } from './columns.js';
import { plainText } from './plain-text.js';
import { wrapWords } from './text-width.js';
import { verdictPainter, verdictText } from './verdict-style.js';

/** How rules are said to people. */
export interface RuleWords {
  effects: (record: ShapeRecord) => string;
  scope: (record: ShapeRecord) => string;
}

export interface ShapingRenderOptions {
  width: number;
  color: boolean;
  headers: boolean;
  /** Also node, interface and destination of the measurement. */
  wide: boolean;
  words: RuleWords;
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}

/** What is just below a unit has it already: it stands beside what was asked. */
function rateText(bitsPerSecond: number): string {
  if (bitsPerSecond >= 0.95e9) return `${figure(bitsPerSecond / 1e9)} Gbit/s`;
  if (bitsPerSecond >= 0.95e6) return `${figure(bitsPerSecond / 1e6)} Mbit/s`;
  return `${figure(bitsPerSecond / 1e3)} kbit/s`;
}

/** What was measured beside what was asked: `rtt 0.21 → 100 ms (asked +100)`. */
function measurementText({ what, before, during, expected }: EffectMeasurement): string {
  const arrow = (text: (value: number) => string) =>
    `${before === undefined ? '' : `${text(before)} → `}${during === undefined ? 'nothing' : text(during)}`;
  switch (what) {
    case 'rttMs':
      return `rtt ${arrow(figure)} ms (asked +${figure(expected)})`;
    case 'connectMs':
      return `connect ${arrow(figure)} ms (asked +${figure(expected)})`;
    case 'lossPercent':
      return `loss ${arrow(figure)} % (asked ${figure(expected)})`;
    case 'rateBitsPerSecond':
      return `${arrow(rateText)} (asked ${rateText(expected)})`;
  }
}

function measuredText({ measurements, unmeasured = [], reason, message }: ShapeResult): string {
  if (measurements.length > 0) return [...measurements.map(measurementText), ...unmeasured].join('; ');
  return reason === 'EffectNotMeasured' ? message : '';
}

/** One pod's shape once it is in place, a line for the terminal. */
export function shapingLine(result: ShapeResult, words: RuleWords): string {
  const { namespace, pod, shape, message } = result;
  const what =
    shape === undefined
      ? ''
      : `${words.effects(shape)} on ${shape.interface} (${shape.direction}, ${words.scope(shape)})`;
  const until = shape === undefined ? '' : ` until ${clockTime(shape.endsAt)}`;
  return plainText(`${namespace}/${pod}: ${what}${until}: ${measuredText(result) || message}`);
}

function endText({ shape, clearedAt }: ShapeResult): string {
  if (clearedAt !== undefined) return `cleared ${clockTime(clearedAt)}`;
  return shape === undefined ? '' : clockTime(shape.endsAt);
}

function columnsOf(results: readonly ShapeResult[], { wide, color, words }: ShapingRenderOptions): Column[] {
  const column = (
    header: string,
    value: (result: ShapeResult) => string | undefined,
    more?: Partial<Column>,
  ): Column => ({
    header: [header],
    cells: results.map((result) => plainText(value(result) ?? '')),
    ...more,
  });
  const extra = (header: string, value: (result: ShapeResult) => string | undefined) =>
    wide ? [column(header, value)] : [];
  const paint = (text: string, row: number) => {
    const verdict = results[row]?.verdict;
    return verdict === undefined ? text : verdictPainter(color)(verdict, text);
  };
  return [
    column('NAMESPACE', ({ namespace }) => namespace, { shortenTo: { readily: 12, atMost: 6 }, leaveOut: 3 }),
    column('POD', ({ pod }) => pod, { shortenTo: { readily: 24, atMost: 8 } }),
    ...extra('NODE', ({ node }) => node),
    ...extra('INTERFACE', ({ shape }) => shape?.interface),
    column('RULE', ({ shape }) => shape && words.effects(shape), { shortenTo: { readily: 30, atMost: 12 } }),
    column('DIRECTION', ({ shape }) => shape?.direction, { leaveOut: 2 }),
    column('ONLY', ({ shape }) => shape && words.scope(shape), {
      shortenTo: { readily: 24, atMost: 8 },
      leaveOut: 4,
    }),
    ...extra('BY', ({ by }) => by?.join('+')),
    column('VERDICT', ({ verdict }) => verdictText(verdict), { paint }),
    column('MEASURED', measuredText, { shortenTo: { readily: 40, atMost: 16 }, leaveOut: 5 }),
    ...extra('TO', ({ measurements }) => measurements[0]?.destination),
    column('PACKETS', ({ packets }) => packets?.toString()),
    column('DROPPED', ({ droppedPackets }) => droppedPackets?.toString(), { leaveOut: 1 }),
    column('UNTIL', endText, { leaveOut: 6 }),
  ];
}

/** What a dry run found that it would do; it has nothing for a table. */
function rehearsed({ dryRun, results }: ShapeReport): string[] {
  const passing = dryRun === 'none' ? [] : results.filter(({ verdict }) => verdict === 'pass');
  return passing.map(({ namespace, pod, message }) =>
    plainText(`pod ${namespace}/${pod} would be shaped (${dryRun} dry run): ${message}`),
  );
}

/** What went wrong, with the pod that it went wrong for; what a node or a namespace cannot do is the same for all of its pods. */
function trouble({ namespace, pod, verdict, message }: ShapeResult): string {
  return verdict !== 'error' || message.includes(pod) ? message : `pod ${namespace}/${pod}: ${message}`;
}

/** Everything that is not as it should be, once, with what to do about it. Warnings were said before the shape lasted. */
function remarks({ results }: ShapeReport, { width }: ShapingRenderOptions): string[] {
  const troubles = results.filter(({ verdict }) => verdict !== 'pass');
  const causes = new Map(troubles.map((result) => [trouble(result), result.hint]));
  return [...causes]
    .flatMap(([message, hint]) => [`✗ ${message}`, ...(hint === undefined ? [] : [`  hint: ${hint}`])])
    .flatMap((line) => wrapWords(plainText(line).split(' '), width));
}

/** `shape`: a line for each pod, and below what is wrong. */
export function renderShaping(report: ShapeReport, options: ShapingRenderOptions): string {
  const { results } = report;
  const shaped = results.some(({ shape }) => shape !== undefined);
  const table = shaped ? columnLines(squeezeColumns(columnsOf(results, options), options.width), options.headers) : [];
  return [...table, ...rehearsed(report), ...remarks(report, options)].map((line) => `${line}\n`).join('');
}

/** The pods that were shaped, or of a dry run would be, as `pod/x`. */
export function shapedNames({ dryRun, results }: ShapeReport): string {
  return results
    .filter(({ shape, verdict }) => shape !== undefined || (dryRun !== 'none' && verdict === 'pass'))
    .map(({ pod }) => `pod/${pod}\n`)
    .join('');
}

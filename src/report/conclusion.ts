// SPDX-License-Identifier: Apache-2.0
import type { Report, Result, Summary } from '../model/report.js';
import { type Verdict, verdicts } from '../model/verdict.js';
import { groupBy, sourceKey, sourceLabels } from './destination-label.js';
import { formatDuration } from './figures.js';
import { plainText } from './plain-text.js';
import type { RenderOptions } from './render-options.js';
import { wrapWords } from './text-width.js';
import { verdictPainter, verdictText } from './verdict-style.js';

/** Causes that are written out; the rest is counted, because a screen of them helps nobody. */
const causesShown = 10;

const summaryOrder = ['pass', 'fail', 'inconclusive', 'unsupported', 'error'] as const satisfies readonly Verdict[];

/** `7 tests: 5 pass, 1 fail, 1 inconclusive in 1.2 s`, in pieces that stay together when the line is wrapped. */
function summaryWords(summary: Summary, durationMs: number): string[] {
  const counts = summaryOrder
    .filter((verdict) => summary[verdict] > 0)
    .map((verdict) => `${summary[verdict]} ${verdict}`);
  const tests = `${summary.total} ${summary.total === 1 ? 'test' : 'tests'}`;
  return [
    counts.length === 0 ? tests : `${tests}:`,
    ...counts.map((count, index) => (index < counts.length - 1 ? `${count},` : count)),
    `in ${formatDuration(durationMs)}`,
  ];
}

interface Cause {
  verdict: Verdict;
  text: string;
}

/** Up to two of the texts, and how many more there are. */
function firstOf(texts: readonly string[]): string {
  const distinct = [...new Set(texts)];
  const shown = distinct.slice(0, 2).join(', ');
  return distinct.length > 2 ? `${shown} and ${distinct.length - 2} more` : shown;
}

/** What the user wrote, with the one of the things behind it where that does not say. */
function destinationTexts(results: readonly Result[]): string[] {
  const texts = results.map(({ destination: { kind, ref, name, address } }) => {
    if (kind === 'endpoint') return { ref, text: `${ref} (${name ?? address})` };
    return { ref, text: kind === 'pod' && name !== undefined && !ref.includes(name) ? `${ref} (${name})` : ref };
  });
  const whole = new Set(texts.flatMap(({ ref, text }) => (text === ref ? [ref] : [])));
  return texts.filter(({ ref, text }) => text === ref || !whole.has(ref)).map(({ text }) => plainText(text));
}

function causeOf(report: Report, results: readonly Result[], text: string): Cause {
  const sources = new Set(report.results.map(({ source }) => sourceKey(source))).size;
  const labelOf = sourceLabels(report.results);
  const from = new Set(results.map(({ source }) => labelOf(source)));
  const subject = firstOf(destinationTexts(results));
  const arrow = from.size > 0 && from.size < sources ? `${firstOf([...from])} → ` : '';
  return {
    verdict: verdicts.find((verdict) => results.some((result) => result.verdict === verdict)) ?? 'error',
    text: subject === '' ? plainText(text) : `${arrow}${subject}: ${plainText(text)}`,
  };
}

/** One cause for each hint, and one for each distinct message of what no hint speaks of. */
function causesOf(report: Report): Cause[] {
  const { results, hints } = report;
  const byId = new Map(results.map((result) => [result.id, result]));
  const explained = new Set(hints.flatMap((hint) => hint.results));
  const unexplained = results.filter(({ id, verdict }) => verdict !== 'pass' && !explained.has(id));
  return [
    ...hints.map((hint) =>
      causeOf(
        report,
        hint.results.flatMap((id) => byId.get(id) ?? []),
        hint.text,
      ),
    ),
    ...groupBy(unexplained, ({ message }) => message).map((group) => causeOf(report, group, group[0]?.message ?? '')),
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

/** What stands below a table: the source where there is one, the summary, warnings, and each distinct cause of trouble. */
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
  return [...sourceLines(report.results, width), ...summary, ...warnings, ...shown, ...more];
}

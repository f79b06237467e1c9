// SPDX-License-Identifier: Apache-2.0
import type { Result } from '../model/report.js';
import { type Verdict, verdicts } from '../model/verdict.js';
import { type Column, columnLines, squeezeColumns } from './columns.js';
import { groupBy, sourceKey } from './destination-label.js';
import { formatMs, meanMs } from './figures.js';
import { plainText } from './plain-text.js';
import type { RenderOptions } from './render-options.js';
import { verdictPainter, verdictText } from './verdict-style.js';

/** All results of one test of a suite. */
interface TestLine {
  suite: string;
  test: string;
  verdict: Verdict;
  results: Result[];
}

function worst(results: readonly Result[]): Verdict {
  return verdicts.find((verdict) => results.some((result) => result.verdict === verdict)) ?? 'pass';
}

function linesOf(results: readonly Result[]): TestLine[] {
  return groupBy(results, ({ suite = '', test = '' }) => `${suite}\n${test}`).map((group) => ({
    suite: plainText(group[0]?.suite ?? ''),
    test: plainText(group[0]?.test ?? ''),
    verdict: worst(group),
    results: group,
  }));
}

/** `2 → 3`: how many sources and destinations; the one that there is by its name. */
function pathText(results: readonly Result[]): string {
  const count = (keys: string[]) => new Set(keys).size;
  const [first] = results;
  const sources = count(results.map(({ source }) => sourceKey(source)));
  const destinations = count(results.map(({ destination }) => destination.ref));
  const from = sources === 1 ? (first?.source.pod ?? '') : `${sources} pods`;
  const to = destinations === 1 ? (first?.destination.ref ?? '') : `${destinations} destinations`;
  return plainText(`${from} → ${to}`);
}

/** How many of the results are as expected; nothing where that is the only one. */
function countText({ results }: TestLine): string {
  const passed = results.filter(({ verdict }) => verdict === 'pass').length;
  return results.length === 1 ? '' : `${passed}/${results.length}`;
}

/** What says most: why not, which of a denied test is the proof, else how long it took at the worst. */
function figureText({ results, verdict }: TestLine): string {
  if (verdict !== 'pass' || results.some(({ expect }) => expect === 'deny')) {
    return [...new Set(results.filter((result) => result.verdict === verdict).map(({ reason }) => reason))].join(', ');
  }
  const slowest = Math.max(-1, ...results.flatMap((result) => meanMs(result) ?? []));
  if (slowest >= 0) return `${formatMs(slowest)} ms`;
  return [...new Set(results.map(({ reason }) => reason))].join(', ');
}

function triesText({ results }: TestLine): string {
  const most = Math.max(1, ...results.map(({ tries = 1 }) => tries));
  return most === 1 ? '' : `${most} tries`;
}

/** A line for each test of the suites, with what it adds up to. */
export function suiteTestLines(results: readonly Result[], { width, color, headers }: RenderOptions): string[] {
  const lines = linesOf(results);
  const paint = verdictPainter(color);
  const cells = (text: (line: TestLine) => string) => lines.map(text);
  const severalSuites = new Set(lines.map(({ suite }) => suite)).size > 1;
  const someOf = (text: (line: TestLine) => string) => lines.some((line) => text(line) !== '');
  const name = { readily: 24, atMost: 12 };
  const columns: Column[] = [
    ...(severalSuites ? [{ header: ['SUITE'], cells: cells(({ suite }) => suite), shortenTo: name, leaveOut: 3 }] : []),
    { header: ['TEST'], cells: cells(({ test }) => test), shortenTo: { readily: 32, atMost: 16 } },
    { header: ['FROM → TO'], cells: cells((line) => pathText(line.results)), shortenTo: name, leaveOut: 4 },
    { header: ['EXPECT'], cells: cells((line) => line.results[0]?.expect ?? ''), leaveOut: 5 },
    {
      header: ['VERDICT'],
      cells: cells(({ verdict }) => verdictText(verdict)),
      paint: (text, row) => paint(lines[row]?.verdict ?? 'error', text),
    },
    ...(someOf(countText) ? [{ header: ['PASSED'], cells: cells(countText) }] : []),
    { header: ['REASON/TIME'], cells: cells(figureText), shortenTo: { readily: 20, atMost: 12 }, leaveOut: 6 },
    ...(someOf(triesText) ? [{ header: ['TRIES'], cells: cells(triesText), leaveOut: 7 }] : []),
  ];
  return columnLines(squeezeColumns(columns, width), headers);
}

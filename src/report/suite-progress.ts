// SPDX-License-Identifier: Apache-2.0
import type { Result } from '../model/report.js';
import { type Verdict, verdicts } from '../model/verdict.js';
import { sourceKey } from './destination-label.js';
import { plainText } from './plain-text.js';
import { displayWidth, padEnd, shortenMiddle } from './text-width.js';
import { verdictPainter, verdictText } from './verdict-style.js';

/** How far the tests of one source are. */
interface SourceProgress {
  total: number;
  made: number;
  found: Partial<Record<Verdict, number>>;
}

/** The sources of a run of suites in the order of its tests, by `namespace/pod`. */
export type SuiteProgress = Map<string, SourceProgress>;

/** Nothing is made yet; `sources` has an entry for each test. */
export function emptyProgress(sources: readonly Result['source'][]): SuiteProgress {
  const progress: SuiteProgress = new Map();
  for (const source of sources) {
    const key = sourceKey(source);
    const known = progress.get(key) ?? { total: 0, made: 0, found: {} };
    progress.set(key, { ...known, total: known.total + 1 });
  }
  return progress;
}

/** The same when these results are there as well. */
export function progressWith(progress: SuiteProgress, results: readonly Result[]): SuiteProgress {
  const next: SuiteProgress = new Map(progress);
  for (const { source, verdict } of results) {
    const key = sourceKey(source);
    const { total, made, found } = next.get(key) ?? { total: 0, made: 0, found: {} };
    next.set(key, {
      total: Math.max(total, made + 1),
      made: made + 1,
      found: { ...found, [verdict]: (found[verdict] ?? 0) + 1 },
    });
  }
  return next;
}

const barWidth = 12;

function bar({ made, total }: SourceProgress): string {
  const full = total === 0 ? 0 : Math.floor((made / total) * barWidth);
  return '█'.repeat(full) + '░'.repeat(barWidth - full);
}

/**
 * A line a source, as many as there is room for: those that are at work first. `width` and `height` in characters.
 */
export function progressLines(
  progress: SuiteProgress,
  { width, height, color }: { width: number; height: number; color: boolean },
): string[] {
  const paint = verdictPainter(color);
  const order = [...progress].sort(
    ([, one], [, other]) => Number(one.made === one.total) - Number(other.made === other.total),
  );
  const shown = order.slice(0, Math.max(1, order.length > height ? height - 1 : height));
  const names = shown.map(([name]) => shortenMiddle(plainText(name), Math.max(12, width - 50)));
  const widest = Math.max(0, ...names.map(displayWidth));
  const lines = shown.map(([, each], index) => {
    const counts = verdicts.flatMap((verdict) => {
      const count = each.found[verdict];
      return count === undefined ? [] : [paint(verdict, `${count} ${verdict}`)];
    });
    return [padEnd(names[index] ?? '', widest), bar(each), `${each.made}/${each.total}`, counts.join(' ')]
      .join('  ')
      .trimEnd();
  });
  const hidden = order.length - shown.length;
  return hidden === 0 ? lines : [...lines, `… and ${hidden} more`];
}

/** One test that has been made, as a line of a log. */
export function madeLine(suite: string, test: string, results: readonly Result[], color: boolean): string {
  const verdict = verdicts.find((each) => results.some((result) => result.verdict === each)) ?? 'pass';
  const passed = results.filter((result) => result.verdict === 'pass').length;
  const word = verdictPainter(color)(verdict, verdictText(verdict));
  const count = results.length === 1 ? '' : ` ${passed}/${results.length}`;
  return `${plainText(`${suite}: ${test}`)}: ${word}${count}`;
}

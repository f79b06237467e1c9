// SPDX-License-Identifier: Apache-2.0
import { clockTime } from '../model/clock-time.js';
import type { ChangeKind, DiffItem, ReportDiff } from '../model/report-diff.js';
import type { Verdict } from '../model/verdict.js';
import { plainText } from './plain-text.js';
import { verdictPainter, verdictText } from './verdict-style.js';

/** What a test that is not in both rounds has become. */
const words: Partial<Record<ChangeKind, string>> = { new: 'is new', gone: 'is gone' };

function changeText({ change, suite, test, source, destination, differences, new: next }: DiffItem): string {
  const name = [suite, test].filter((part) => part !== undefined).join(': ');
  const what = words[change] ?? differences.join('; ');
  const why = next === undefined || next.verdict === 'pass' ? '' : `: ${next.message}`;
  return plainText(`${name}: ${source} → ${destination} ${what}${why}`);
}

/** What changed from one round of `run --watch` to the next, a line each; nothing where nothing did. */
export function changeLines(diff: ReportDiff, { color }: { color: boolean }): string[] {
  const paint = verdictPainter(color);
  const time = clockTime(diff.new.startedAt);
  return diff.items
    .filter(({ change }) => change !== 'unchanged')
    .map((item) => {
      const verdict: Verdict = item.new?.verdict ?? 'inconclusive';
      return `${time}  ${paint(verdict, verdictText(verdict))}  ${changeText(item)}`;
    });
}

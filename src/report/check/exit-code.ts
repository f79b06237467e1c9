// SPDX-License-Identifier: Apache-2.0
import type { CheckReport } from '../../model/check.js';
import type { Verdict } from '../../model/verdict.js';
import { exitCodes, type ExitCodeOptions } from '../exit-code.js';

/**
 * The exit code of `check` and `check status`: 130 interrupted, 3 something of ours is left, then that of the report's verdict: 1 fail, 3 error,
 * 4 inconclusive, 5 unsupported, 0. Where that verdict is ignored, the next one that anything in the report has. A report without any test
 * concludes nothing and is 4, whatever is ignored.
 */
export function checkExitCode(report: CheckReport, options: ExitCodeOptions = {}): number {
  const { interrupted, isLeft, ignore = [], exitZeroOnFailure } = options;
  if (interrupted === true) return 130;
  if (isLeft === true) return 3;
  if (report.summary.total === 0) return 4;
  const ignored = new Set<Verdict>(ignore);
  if (exitZeroOnFailure === true) ignored.add('fail');
  const worst = exitCodes.findIndex(([verdict]) => verdict === report.verdict);
  // The verdict knows what matters: what is better than it counts only where it is ignored itself.
  if (worst === -1) return 0;
  const found = exitCodes
    .slice(worst)
    .find(([verdict], place) => !ignored.has(verdict) && (place === 0 || report.summary[verdict] > 0));
  return found?.[1] ?? 0;
}

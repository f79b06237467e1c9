// SPDX-License-Identifier: Apache-2.0
import type { CheckReport } from '../model/check.js';
import { checkExitCode } from '../report/check/render-check.js';
import { parseIgnored, type ReportOutputFlags } from './probe-command.js';

/** The code of the report, without the verdicts that do not count. */
export function exitCode(
  report: CheckReport,
  flags: Pick<ReportOutputFlags, 'ignore' | 'exit-zero-on-failure'>,
): number {
  const { summary } = report;
  const counted = { ...summary };
  if (flags['exit-zero-on-failure']) counted.fail = 0;
  for (const verdict of parseIgnored(flags.ignore)) counted[verdict] = 0;
  const code = checkExitCode(report);
  const verdicts = [
    ['fail', 1],
    ['error', 3],
    ['inconclusive', 4],
    ['unsupported', 5],
  ] as const;
  const isLeftOut = verdicts.some(
    ([verdict, itsCode]) => itsCode === code && counted[verdict] === 0 && summary[verdict] > 0,
  );
  if (!isLeftOut) return code;
  return verdicts.find(([verdict]) => counted[verdict] > 0)?.[1] ?? 0;
}

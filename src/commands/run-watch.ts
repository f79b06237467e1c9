// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../kube/cluster.js';
import type { Report } from '../model/report.js';
import { diffReports, usualSlowdown } from '../report/diff.js';
import { changeLines } from '../report/suite-changes.js';
import type { TestOfSuite } from '../suites/prepare-tests.js';
import type { SuiteObserver, SuiteRun } from '../suites/run-suites.js';
import { defaultPeriodMs, watchSuites } from '../suites/watch-suites.js';
import { parseIgnored, printReport, type ReportOutputFlags } from './probe-command.js';
import { reportFiles, writeReportFiles } from './report-files.js';
import { wantsColor, type ColorMode } from './terminal.js';

/** How often all tests are made: as the command says, else the shortest period that a file asks for. */
function periodOf(tests: readonly TestOfSuite[], frequency: number | undefined): number {
  const periods = tests.flatMap(({ suite }) => suite.periodMs ?? []);
  return frequency ?? (periods.length === 0 ? defaultPeriodMs : Math.min(...periods));
}

/**
 * `run --watch`: the report of the first round and then what changes, a line each; formats for programs get a report a
 * round. Files hold the last round's. Ends when the run's signal aborts.
 */
export async function watchRun(
  cluster: Cluster,
  tests: readonly TestOfSuite[],
  run: SuiteRun,
  flags: ReportOutputFlags & { frequency?: number | undefined },
  observer: SuiteObserver,
): Promise<void> {
  const files = await reportFiles(flags);
  const color = wantsColor(flags.color as ColorMode, process.stdout);
  let last: Report | undefined;
  const onReport = async (report: Report) => {
    if (last === undefined || flags.output !== 'table') {
      await printReport(report, flags);
    } else {
      const [old, next] = [last, report].map((each) => ({ file: '', report: each }));
      const diff = old && next && diffReports(old, next, usualSlowdown);
      for (const line of diff === undefined ? [] : changeLines(diff, { color })) process.stdout.write(`${line}\n`);
      const told = last.warnings;
      for (const line of report.warnings) if (!told.includes(line)) observer.notice(`Warning: ${line}`);
    }
    await writeReportFiles(report, files, { ignore: parseIgnored(flags.ignore) });
    last = report;
  };
  await watchSuites(cluster, tests, { ...run, periodMs: periodOf(tests, flags.frequency) }, observer, onReport);
}

// SPDX-License-Identifier: Apache-2.0
import { asFailure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import { pause } from '../kube/pause.js';
import type { Report } from '../model/report.js';
import { runSuites, type SuiteObserver, type SuiteRun } from './run-suites.js';
import type { TestOfSuite } from './prepare-tests.js';

/** The period of `--watch` where neither the command nor a file has one. */
export const defaultPeriodMs = 30_000;

/**
 * Makes all tests of suites once a period until the signal aborts; a round that takes longer is followed at once. `onReport`
 * gets each round's report. What keeps a later round from being made, or its report from being written, is told to the
 * observer, and the next one is tried. Throws Failure where that happens in the first round.
 */
export async function watchSuites(
  cluster: Cluster,
  tests: readonly TestOfSuite[],
  run: SuiteRun & { periodMs: number },
  observer: SuiteObserver,
  onReport: (report: Report) => Promise<void>,
): Promise<void> {
  const { signal, periodMs } = run;
  for (let round = 1; ; round++) {
    const startedMs = performance.now();
    const tell = (thrown: unknown, what: string) => {
      const failure = asFailure(thrown);
      if (round === 1 || failure.code === 'bug') throw failure;
      observer.notice(`Warning: ${what}${failure.message}`);
    };
    try {
      const report = await runSuites(cluster, tests, { ...run, leaveOutAbsent: round > 1 }, observer);
      // What an interruption cut short says nothing.
      if (signal.aborted) return;
      await onReport(report).catch((thrown: unknown) => tell(thrown, ''));
    } catch (thrown) {
      if (signal.aborted) return;
      tell(thrown, `round ${round} could not be made: `);
    }
    try {
      await pause(Math.max(0, startedMs + periodMs - performance.now()), signal);
    } catch {
      return;
    }
  }
}

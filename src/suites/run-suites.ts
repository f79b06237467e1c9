// SPDX-License-Identifier: Apache-2.0
import { asFailure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import type { Report, ResultSource } from '../model/report.js';
import { failedMeasurement } from '../runs/measurement.js';
import type { Test } from '../runs/plan.js';
import { resultSource } from '../runs/result.js';
import { mergeReports } from '../runs/merge-reports.js';
import type { Siblings } from '../runs/siblings.js';
import type { RunObserver } from '../runs/tool.js';
import { makeTests } from './make-tests.js';
import { prepareTests, type PreparedTest, type TestOfSuite } from './prepare-tests.js';
import { groupsByShape } from './shape-groups.js';
import { siblingsOnDemand } from './sibling-tests.js';
import type { SuiteRunOptions } from './suite-run-options.js';
import { unmadeTest, type TestReport } from './test-report.js';
import { whileShaped } from './shaped-tests.js';

export interface SuiteRun extends SuiteRunOptions {
  /** One test after another, and none after the first that did not pass. */
  failFast: boolean;
  /** How often all tests are made. */
  repeat: number;
}

export interface SuiteObserver extends RunObserver {
  /** What will be made: the source of each. */
  planned?(sources: readonly ResultSource[]): void;
  /** A test has been made, all its tries included. */
  made?(test: TestOfSuite, report: TestReport): void;
}

const sourceOf = ({ source, destination }: Test) => resultSource(source, destination.family);

const hasPassed = ({ results }: TestReport) => results.every(({ verdict }) => verdict === 'pass');

/** The results of tests that could not be made because their shape could not. */
function unshaped(tests: readonly PreparedTest[], thrown: unknown): TestReport[] {
  const failure = asFailure(thrown);
  if (failure.code === 'bug') throw failure;
  const measurement = failedMeasurement(failure, new Date());
  return tests.map((test) => unmadeTest(test, measurement));
}

async function makeGroup(
  cluster: Cluster,
  group: readonly PreparedTest[],
  run: SuiteRun,
  observer: SuiteObserver,
  siblings?: ReadonlyMap<PreparedTest, Siblings>,
): Promise<TestReport[]> {
  const make = () => makeTests(cluster, group, (test, report) => observer.made?.(test, report), siblings);
  const shape = group.find(({ unsupported }) => unsupported === undefined)?.shape;
  if (shape === undefined) return make();
  try {
    return await whileShaped(cluster, shape, run, observer, make);
  } catch (thrown) {
    const reports = unshaped(group, thrown);
    for (const [index, test] of group.entries()) {
      const report = reports[index];
      if (report !== undefined) observer.made?.(test, report);
    }
    return reports;
  }
}

/** All tests once. Those that --fail-fast leaves out have no report. */
async function makeAll(
  cluster: Cluster,
  tests: readonly PreparedTest[],
  run: SuiteRun,
  observer: SuiteObserver,
): Promise<Map<PreparedTest, TestReport>> {
  const reports = new Map<PreparedTest, TestReport>();
  const siblings = run.failFast ? siblingsOnDemand(tests) : undefined;
  for (const group of run.failFast ? tests.map((each) => [each]) : groupsByShape(tests)) {
    const made = await makeGroup(cluster, group, run, observer, siblings);
    for (const [index, test] of group.entries()) {
      const report = made[index];
      if (report !== undefined) reports.set(test, report);
    }
    if (run.failFast && !made.every(hasPassed)) break;
  }
  return reports;
}

/** What several tests have to announce, such as the same container of a pod, is announced once. */
function announcingOnce(observer: SuiteObserver): SuiteObserver {
  const announced = new Set<string>();
  return {
    ...observer,
    notice: (line) => {
      if (!announced.has(line)) observer.notice(line);
      announced.add(line);
    },
  };
}

/** Makes all tests of suites and reports them in their order. Throws Failure when nothing could be tested at all. */
export async function runSuites(
  cluster: Cluster,
  tests: readonly TestOfSuite[],
  run: SuiteRun,
  outerObserver: SuiteObserver,
): Promise<Report> {
  const observer = announcingOnce(outerObserver);
  const startedAt = new Date();
  const startedMs = performance.now();
  observer.progress(`run: looking up what ${tests.length} ${tests.length === 1 ? 'test names' : 'tests name'}`);
  const prepared = await prepareTests(cluster, tests, run, observer);
  try {
    observer.planned?.(prepared.tests.flatMap(({ run: { plan } }) => plan.tests.map(sourceOf)));
    const reports: TestReport[] = [{ warnings: prepared.warnings, results: [], hints: [] }];
    for (let round = 1; round <= run.repeat && !run.signal.aborted; round++) {
      const made = await makeAll(cluster, prepared.tests, run, observer);
      reports.push(...prepared.tests.flatMap((test) => made.get(test) ?? []));
      const notMade = prepared.tests.flatMap((each) =>
        made.has(each) ? [] : [{ suite: each.suite.name, test: each.test.name }],
      );
      const left = notMade.length;
      if (left > 0)
        reports.push({
          notMade,
          warnings: [`${left} of ${prepared.tests.length} tests were not made (--fail-fast)`],
          results: [],
          hints: [],
        });
      if (left > 0 || (run.failFast && !reports.every(hasPassed))) break;
    }
    return mergeReports(reports, { command: 'run', startedAt, startedMs });
  } finally {
    await prepared.leave();
  }
}

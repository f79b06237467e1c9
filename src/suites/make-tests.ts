// SPDX-License-Identifier: Apache-2.0
import { asFailure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import { pause } from '../kube/pause.js';
import type { Result } from '../model/report.js';
import { PolicyReader } from '../policies/policy-reader.js';
import { expandPlan } from '../runs/expand-plan.js';
import { runPrepared } from '../runs/run-tests.js';
import { settleAll } from '../runs/settle-all.js';
import type { Siblings } from '../runs/siblings.js';
import { failedMeasurement } from '../runs/measurement.js';
import { withNext } from './merge-tries.js';
import { siblingsAnew, siblingTests } from './sibling-tests.js';
import { resultOfSuite } from './result-of-suite.js';
import { unmadeTest, type TestReport } from './test-report.js';
import type { PreparedTest } from './prepare-tests.js';

async function makeOne(cluster: Cluster, prepared: PreparedTest, siblings: Siblings | undefined): Promise<TestReport> {
  const { run, request, measurer } = prepared;
  const { warnings, results, hints } = await runPrepared(cluster, run, request, measurer, siblings);
  return { warnings, hints, results: results.map((result) => resultOfSuite(result, prepared)) };
}

/** The number of the test in its plan that a result is of. */
const indexOf = ({ id }: Result) => Number(id.slice(1)) - 1;

/** Whether one more try may find something else: what cannot be done here cannot be done again. */
const isWorthRetrying = ({ verdict }: Result) => verdict !== 'pass' && verdict !== 'unsupported';

/** Makes what did not pass once more, as often as the test asks for; the last try counts. */
async function retry(
  cluster: Cluster,
  prepared: PreparedTest,
  first: TestReport,
  siblings: Siblings | undefined,
): Promise<TestReport> {
  const { retries, retryDelayMs } = prepared.test;
  const { signal } = prepared.request;
  const waited = () =>
    pause(retryDelayMs, signal).then(
      () => true,
      () => false,
    );
  let report = first;
  for (let tries = 2; tries <= retries + 1; tries++) {
    const failed = report.results.filter(isWorthRetrying);
    // Whoever ends the run gets what there is.
    if (failed.length === 0 || signal.aborted || !(await waited())) break;
    const indices = new Set(failed.map(indexOf));
    const { plan, around = plan.tests } = prepared.run;
    const tests = plan.tests.filter(({ index }) => indices.has(index));
    // Policies may be others by now.
    const policies = new PolicyReader(cluster, signal);
    const again = { ...prepared, run: { ...prepared.run, policies, around, plan: { notes: plan.notes, tests } } };
    const next = await makeOne(cluster, again, siblings && siblingsAnew(siblings));
    report = withNext(report, next, new Set(failed.map(({ id }) => id)), tries);
  }
  return report;
}

/** The plan as the source pods have it; where one cannot be asked, that is what is found of its tests. */
async function expanded(test: PreparedTest): Promise<PreparedTest | TestReport> {
  const startedAt = new Date();
  try {
    return { ...test, run: await expandPlan(test.run, test.measurer) };
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code === 'bug') throw failure;
    return unmadeTest(test, failedMeasurement(failure, startedAt));
  }
}

async function makeTest(
  cluster: Cluster,
  test: PreparedTest,
  siblings: Siblings | undefined,
  policies: PolicyReader,
): Promise<TestReport> {
  try {
    if (test.unsupported !== undefined) {
      const message = test.unsupported;
      return unmadeTest(test, { reason: 'NotSupported', message, attempts: 0, startedAt: new Date() });
    }
    // Where the run ends meanwhile, the test says so.
    const { settleMs } = test.test;
    const { signal } = test.request;
    if (settleMs > 0) await pause(settleMs, signal).catch(() => undefined);
    const ready = await expanded(test);
    if (!('run' in ready)) return ready;
    const prepared = { ...ready, run: { ...ready.run, policies } };
    return await retry(cluster, prepared, await makeOne(cluster, prepared, siblings), siblings);
  } finally {
    // Nobody is to wait for what was not measured.
    siblings?.tell([]);
  }
}

/** Tests at once, each tried as often as it asks for; their reports in the order of the tests. */
export async function makeTests(
  cluster: Cluster,
  tests: readonly PreparedTest[],
  made: (test: PreparedTest, report: TestReport) => void,
  siblingsOfRun?: ReadonlyMap<PreparedTest, Siblings>,
): Promise<TestReport[]> {
  const [first] = tests;
  if (first === undefined) return [];
  const { signal } = first.request;
  const siblings = siblingsOfRun ?? siblingTests(tests, signal);
  const policies = new PolicyReader(cluster, signal);
  return settleAll(
    tests.map(async (test) => {
      const report = await makeTest(cluster, test, siblings.get(test), policies);
      made(test, report);
      return report;
    }),
  );
}

// SPDX-License-Identifier: Apache-2.0
import { asFailure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import { planBetween, howEntered, refuseTooManyPods, type PlannedRun, type PreparedRun } from '../runs/prepare-run.js';
import type { Measurer, RunRequest } from '../runs/run-request.js';
import { settleAll } from '../runs/settle-all.js';
import type { RunObserver } from '../runs/tool.js';
import { reached } from '../runs/verdict.js';
import type { ShapeTask } from '../shaping/shape-request.js';
import { Workplaces } from '../runs/workplaces.js';
import { Problems } from '../manifests/problems.js';
import type { Destination } from '../targets/destination.js';
import { Lookup } from '../targets/lookup.js';
import { ProbeMeasurers } from './probe-measurers.js';
import { judgeConditions } from './judge-conditions.js';
import { resultOfSuite } from './result-of-suite.js';
import { destinationsOf, sourcesOf } from './resolve-test.js';
import { shapeTasks } from './shaped-tests.js';
import type { SuiteRunOptions } from './suite-run-options.js';
import type { Suite, SuiteTest } from './suite.js';

/** A test and the suite that it belongs to. */
export interface TestOfSuite {
  suite: Suite;
  test: SuiteTest;
}

/** A test that is ready to be made. */
export interface PreparedTest extends TestOfSuite {
  request: RunRequest;
  measurer: Measurer;
  run: PreparedRun;
  /** Why it is not made. */
  unsupported?: string;
  /** What lasts while it is made. */
  shape?: readonly ShapeTask[];
}

interface PlannedTest extends TestOfSuite {
  request: RunRequest;
  measurer: Measurer;
  planned: PlannedRun;
  unsupported?: string;
  shape?: readonly ShapeTask[];
}

/** The request of a test, as a verb would have made it; its words are resolved by the suite's own rules. */
function requestOf({ suite, test }: TestOfSuite, options: SuiteRunOptions): RunRequest {
  const isLossJudged = test.conditions.some(({ figure }) => figure === 'lossPercent');
  return {
    ...options,
    namespace: test.namespace,
    source: { kind: 'selector', text: test.name, selector: '' },
    destinations: [],
    mode: test.mode,
    families: test.families,
    expect: test.expect,
    control: test.control,
    // The test's own bound decides then.
    maxLossPercent: isLossJudged ? 100 : test.maxLossPercent,
    // Hints are written in the words of the suite too.
    refine: (result) => {
      const judged = judgeConditions(result, test.conditions);
      const isUnanswered = result.verdict === 'pass' && !reached(result.reason);
      // Where nothing answered at all, that says more than the figure.
      const found = isUnanswered && judged.verdict !== 'pass' ? { ...result, verdict: 'fail' as const } : judged;
      return resultOfSuite(found, { suite, test });
    },
  };
}

/** A destination that stands for what could not be chosen: the test is reported with it. */
function nothingChosen(text: string): { destinations: Destination[]; notes: string[] } {
  return { destinations: [{ ref: text, kind: 'pod', role: 'pod', family: 4, emptyReason: 'NoAddress' }], notes: [] };
}

async function planOne(
  lookup: Lookup,
  measurers: ProbeMeasurers,
  { suite, test }: TestOfSuite,
  options: SuiteRunOptions,
): Promise<PlannedTest> {
  const measurer = measurers.of(test);
  const request = requestOf({ suite, test }, options);
  const sources = await sourcesOf(lookup, test.sources, test);
  const shape = test.while && (await shapeTasks(lookup, test.while, { namespace: test.namespace, sources }));
  let { unsupported } = test;
  const destinations = await destinationsOf(lookup, test, measurer, sources).catch((thrown: unknown) => {
    const failure = asFailure(thrown);
    if (failure.code !== 'unsupported') throw failure;
    unsupported ??= failure.message;
    return nothingChosen(test.destinations.map(({ text }) => text).join(', '));
  });
  const planned = await planBetween(lookup.cluster, sources, destinations, request, measurer);
  return {
    suite,
    test,
    request,
    measurer,
    planned,
    ...(unsupported === undefined ? {} : { unsupported }),
    ...(shape === undefined ? {} : { shape }),
  };
}

/**
 * All that words of tests stand for, each object read once, and what is said of tests that are left out. Throws one Failure
 * for every test that names what is not there.
 */
async function planAll(
  cluster: Cluster,
  tests: readonly TestOfSuite[],
  options: SuiteRunOptions,
  observer: RunObserver,
): Promise<{ planned: PlannedTest[]; warnings: string[] }> {
  const lookup = new Lookup(cluster, options.signal);
  const measurers = new ProbeMeasurers(observer);
  const failed: { where: string; thrown: unknown }[] = [];
  const all = await Promise.all(
    tests.map((each) =>
      planOne(lookup, measurers, each, options).catch((thrown: unknown): undefined => {
        failed.push({ where: `${each.test.place}: ${each.test.name}`, thrown });
      }),
    ),
  );
  const planned = all.filter((each) => each !== undefined);
  const isAbsence = (thrown: unknown) => asFailure(thrown).code === 'notFound';
  const leavesOut = options.leaveOutAbsent === true && planned.length > 0;
  const absent = leavesOut ? failed.filter(({ thrown }) => isAbsence(thrown)) : [];
  const problems = new Problems();
  for (const each of failed) if (!absent.includes(each)) problems.addFailure(each.where, each.thrown);
  problems.throwIfAny();
  return { planned, warnings: absent.map(({ where, thrown }) => `not made: ${where}: ${asFailure(thrown).message}`) };
}

/** Tests that need the same rights in pods share one way in. */
function rightsKey({ measurer, planned }: PlannedTest): string {
  const proof = planned.proofs.length === 0 ? [] : (measurer.proofCapabilities ?? []);
  return JSON.stringify([measurer.capabilities, proof]);
}

/** Rehearses and announces what pods get, once for each kind of rights. */
async function openWorkplaces(
  cluster: Cluster,
  tests: readonly PlannedTest[],
  options: SuiteRunOptions,
  observer: RunObserver,
): Promise<Map<string, Workplaces>> {
  const groups = new Map<string, PlannedTest[]>();
  for (const test of tests) groups.set(rightsKey(test), [...(groups.get(rightsKey(test)) ?? []), test]);
  const opened = new Map<string, Workplaces>();
  for (const [key, group] of groups) {
    const [first] = group;
    if (first === undefined) continue;
    const workplaces = new Workplaces(cluster, {
      tool: options.tool,
      capabilities: first.measurer.capabilities,
      proofPods: group.flatMap(({ planned }) => planned.proofs),
      proofCapabilities: group.find(({ planned }) => planned.proofs.length > 0)?.measurer.proofCapabilities ?? [],
      concurrency: options.concurrency,
      signal: options.signal,
      observer,
    });
    const made = group.filter(({ unsupported }) => unsupported === undefined);
    await workplaces.rehearse(
      made.flatMap(({ planned }) => planned.sources),
      made.flatMap(({ planned }) => planned.controls),
    );
    opened.set(key, workplaces);
  }
  return opened;
}

/** Tests that are ready to be made, and how their pods are left. */
export interface PreparedTests {
  tests: PreparedTest[];
  /** Of tests that were left out. */
  warnings: string[];
  leave(): Promise<void>;
}

/**
 * Finds everything that tests name and asks before the first change, for all of them at once. Throws one Failure with every
 * name that is not there, or what the cluster refuses.
 */
export async function prepareTests(
  cluster: Cluster,
  tests: readonly TestOfSuite[],
  options: SuiteRunOptions,
  observer: RunObserver,
): Promise<PreparedTests> {
  const startedAt = new Date();
  const startedMs = performance.now();
  const { planned, warnings } = await planAll(cluster, tests, options, observer);
  const made = planned.filter(({ unsupported }) => unsupported === undefined);
  const entered = made.flatMap(({ planned: { sources, controls, proofs }, shape = [] }) => [
    ...sources,
    ...controls,
    ...proofs,
    ...shape.map(({ source }) => source),
  ]);
  refuseTooManyPods(entered, options.maxPods, howEntered(options.tool));
  const workplaces = await openWorkplaces(cluster, planned, options, observer);
  return {
    warnings,
    tests: planned.map((each): PreparedTest => {
      const { plan, controls } = each.planned;
      const places = workplaces.get(rightsKey(each));
      if (places === undefined) throw new Error('a test without a workplace');
      return { ...each, run: { startedAt, startedMs, plan, controls, workplaces: places } };
    }),
    leave: async () => {
      await settleAll([...workplaces.values()].map((each) => each.leave()));
    },
  };
}

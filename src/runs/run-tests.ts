// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../kube/cluster.js';
import { reportApiVersion, type Report } from '../model/report.js';
import { summarize } from '../model/summary.js';
import { PolicyReader } from '../policies/policy-reader.js';
import { circumstanceWarnings, labelsOf } from './circumstances.js';
import { measureAgainWith } from './confirm-controls.js';
import { expandPlan } from './expand-plan.js';
import { hintsFor } from './hints.js';
import { settleHostFamilies } from './host-families.js';
import { controlsMeanwhile, measureControls, pairMeasured, type OtherMeasurements } from './measure-controls.js';
import type { Measurement } from './measurement.js';
import type { Test } from './plan.js';
import { explainResults, type ExplainedResults } from './policy-explanations.js';
import { prepareRun, type PreparedRun } from './prepare-run.js';
import { resultOf } from './result.js';
import type { Measurer, RunRequest } from './run-request.js';
import type { RunObserver } from './tool.js';
import { repeatDenied } from './repeat-denied.js';
import type { Siblings } from './siblings.js';
import { StandIns } from './stand-ins.js';
import { markVanished } from './vanished.js';
import { unlessAborted } from './unless-aborted.js';
import { reached } from './verdict.js';

function emptyMeasurement({ destination }: Test): Measurement | undefined {
  const { emptyReason, emptyMessage, ref } = destination;
  if (emptyReason === undefined) return undefined;
  const message = emptyMessage ?? `${ref} has ${emptyReason === 'NoEndpoints' ? 'no ready endpoint' : 'no address'}`;
  return { reason: emptyReason, message, attempts: 0, startedAt: new Date() };
}

/** A run that nothing else is measured beside. */
function alone({ workplaces }: PreparedRun, measurer: Measurer): OtherMeasurements {
  return { controls: [], elsewhere: () => Promise.resolve([]), again: measureAgainWith(measurer, workplaces) };
}

/**
 * Turns measurements into a report: looks for pods that vanished, makes the controls, judges, and adds hints.
 */
export async function concludeRun(
  cluster: Cluster,
  prepared: PreparedRun,
  request: RunRequest,
  measurer: Measurer,
  measured: Map<number, Measurement>,
  others: OtherMeasurements = alone(prepared, measurer),
): Promise<Report> {
  const { plan, startedAt } = prepared;
  const ended = request.signal.aborted;
  if (!ended)
    await unlessAborted(markVanished(cluster, plan.tests, measured, request, measurer), request.signal, undefined);
  const controls = await measureControls(prepared, request, measurer, measured, others);
  const sources = plan.tests.map(({ source }) => source);
  const standIns = await StandIns.find(prepared.workplaces, [...sources, ...prepared.controls]);
  const made = plan.tests.map((test) => standIns.of(test).test);
  const warnings = [
    ...plan.notes,
    ...prepared.workplaces.warnings,
    ...standIns.warnings(),
    ...circumstanceWarnings(made, measurer),
  ];
  const results = plan.tests.flatMap((test) => {
    const measurement = measured.get(test.index);
    if (measurement === undefined) throw new Error(`test ${test.index} was not measured`);
    const { informational = false, ref, address = '' } = test.destination;
    if (informational && !reached(measurement.reason)) {
      // Where nothing could be sent at all, the silence is ours.
      if (measurement.facts?.sent !== undefined) {
        warnings.push(`${ref}: its virtual address ${address} does not answer ICMP, as most do not`);
      }
      return [];
    }
    const { expect, maxLossPercent, refine } = request;
    const asMade = standIns.of(test);
    const labels = labelsOf(asMade.test, { ...asMade.labels, ...request.labels });
    const control = standIns.ofControl(controls.get(test.index));
    const probe = measurer.probeOf(test);
    const result = resultOf(asMade.test, measurement, { probe, expect, maxLossPercent, control, labels });
    return [informational ? result : (refine?.(result) ?? result)];
  });
  const policies = prepared.policies ?? new PolicyReader(cluster, request.signal);
  const unexplained: ExplainedResults = { results, lines: new Map() };
  const explained = ended
    ? unexplained
    : await unlessAborted(explainResults(policies, made, results, measured), request.signal, unexplained);
  return {
    apiVersion: reportApiVersion,
    kind: 'Report',
    command: measurer.verb,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - prepared.startedMs),
    warnings: [...new Set(warnings)],
    summary: summarize(results),
    results: explained.results,
    hints: ended ? [] : await unlessAborted(hintsFor(cluster, plan.tests, explained, measured), request.signal, []),
  };
}

/** The tests that something can be sent in, and the measurements of those where there is nothing to send to. */
export function splitEmpty(tests: readonly Test[]): { sendable: Test[]; measured: Map<number, Measurement> } {
  const sendable: Test[] = [];
  const measured = new Map<number, Measurement>();
  for (const test of tests) {
    const empty = emptyMeasurement(test);
    if (empty === undefined) sendable.push(test);
    else measured.set(test.index, empty);
  }
  return { sendable, measured };
}

/** Makes the tests of a run that is prepared, and reports them; the pods are left by the caller. */
export async function runPrepared(
  cluster: Cluster,
  prepared: PreparedRun,
  request: RunRequest,
  measurer: Measurer,
  siblings?: Siblings,
): Promise<Report> {
  const measure = (tests: readonly Test[]) => measurer.measure(tests, prepared.workplaces);
  const { sendable, measured } = splitEmpty(prepared.plan.tests);
  const [sent, controls] = await Promise.all([measure(sendable), controlsMeanwhile(prepared, request, measurer)]);
  const first = new Map([...measured, ...sent]);
  const settled = await settleHostFamilies(prepared.plan.tests, first, measure);
  const plan = { ...prepared.plan, tests: settled.tests };
  const certain = await repeatDenied(settled.tests, settled.measured, request, measure);
  siblings?.tell(pairMeasured(settled.tests, certain));
  const others = { ...(siblings ?? alone(prepared, measurer)), controls };
  return concludeRun(cluster, { ...prepared, plan }, request, measurer, certain, others);
}

/** Makes all tests of a request and reports them. Throws Failure when nothing could be tested at all. */
export async function runTests(
  cluster: Cluster,
  request: RunRequest,
  measurer: Measurer,
  observer: RunObserver,
): Promise<Report> {
  const rehearsed = await prepareRun(cluster, request, measurer, observer);
  try {
    const prepared = await expandPlan(rehearsed, measurer);
    const count = prepared.plan.tests.filter(({ destination }) => destination.emptyReason === undefined).length;
    observer.progress(`${measurer.verb}: ${count} ${count === 1 ? 'test' : 'tests'}`);
    return await runPrepared(cluster, prepared, request, measurer);
  } finally {
    await rehearsed.workplaces.leave();
  }
}

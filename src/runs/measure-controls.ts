// SPDX-License-Identifier: Apache-2.0
import { abortFailure } from '../kube/guard.js';
import { podLabel } from '../kube/pod-eligibility.js';
import type { ControlResult } from '../model/report.js';
import { confirmControls, type MeasureAgain } from './confirm-controls.js';
import { chooseControls, controlTests, isSameDestination } from './controls.js';
import { failedMeasurement, reasonOfFailure, type Measurement } from './measurement.js';
import type { MeasuredTest, Test } from './plan.js';
import type { PreparedRun } from './prepare-run.js';
import type { Measurer, RunRequest } from './run-request.js';
import { needsControl, reached } from './verdict.js';

/** What was measured beside the tests of a run, and may serve as their control. */
export interface OtherMeasurements {
  /** From the control sources, while the tests were made. */
  controls: readonly MeasuredTest[];
  /** By other parts of the same run, to the destinations of these tests. */
  elsewhere(denied: readonly MeasuredTest[]): Promise<readonly MeasuredTest[]>;
  again: MeasureAgain;
}

/** The tests of those that were measured. */
export function pairMeasured(tests: readonly Test[], from: ReadonlyMap<number, Measurement>): MeasuredTest[] {
  return tests.flatMap((test) => {
    const measurement = from.get(test.index);
    return measurement === undefined ? [] : [{ test, measurement }];
  });
}

const isOwnSource = ({ control: { from } }: RunRequest) => from === 'source' || from === 'destination';

/**
 * Measures the destinations of denied tests from the control sources, to be done while the tests are made. Not from probe
 * pods: what a policy engine drops of a new pod says nothing of the destination (see repeat-denied.ts).
 */
export async function controlsMeanwhile(
  { plan, around = plan.tests, workplaces, controls }: PreparedRun,
  request: RunRequest,
  measurer: Measurer,
): Promise<MeasuredTest[]> {
  const { expect, control, tool } = request;
  if (expect !== 'deny' || !isOwnSource(request) || tool.entry.by === 'probePod') return [];
  const sendable = plan.tests.filter(({ destination }) => destination.emptyReason === undefined);
  const tests = controlTests(sendable, around, control, controls);
  return pairMeasured(tests, await measurer.measure(tests, workplaces));
}

async function candidates(
  { plan, around = plan.tests, workplaces, controls }: PreparedRun,
  request: RunRequest,
  measurer: Measurer,
  { denied, measured }: { denied: readonly MeasuredTest[]; measured: ReadonlyMap<number, Measurement> },
  others: OtherMeasurements,
): Promise<MeasuredTest[]> {
  if (!isOwnSource(request)) return [...pairMeasured(plan.tests, measured), ...(await others.elsewhere(denied))];
  // A name that turned out to have addresses of the other family only was not measured in that meanwhile.
  const missing = denied.filter((each) => !others.controls.some((control) => isSameDestination(each, control)));
  const tests = controlTests(
    missing.map(({ test }) => test),
    around,
    request.control,
    controls,
  );
  return [...others.controls, ...pairMeasured(tests, await measurer.measure(tests, workplaces))];
}

/**
 * The controls of denied tests, by the test's index. Where the run ends before they were made, nothing can be said of the
 * tests that need one, which is written into `measured`.
 */
export async function measureControls(
  prepared: PreparedRun,
  request: RunRequest,
  measurer: Measurer,
  measured: Map<number, Measurement>,
  others: OtherMeasurements,
): Promise<Map<number, ControlResult>> {
  const { signal, expect, control } = request;
  if (expect !== 'deny' || control.from === 'none') return new Map();
  const denied = pairMeasured(prepared.plan.tests, measured).filter(({ measurement }) =>
    needsControl(measurement.reason),
  );
  // What the other sources have measured already needs no time.
  const isPossible = !signal.aborted || control.from === 'otherSources';
  const found = isPossible ? await candidates(prepared, request, measurer, { denied, measured }, others) : [];
  const chosen = chooseControls(denied, found);
  const confirmed = signal.aborted ? new Map<number, ControlResult>() : await confirmControls(chosen, others.again);
  if (!signal.aborted) return confirmed;
  const failure = abortFailure(signal);
  const isCutShort = [...measured.values(), ...found.map(({ measurement }) => measurement)].some(
    ({ reason }) => reason === reasonOfFailure(failure),
  );
  const unconfirmed = new Map(
    [...chosen].map(([index, { test, measurement }]) => [
      index,
      { source: podLabel(test.source.pod), reached: reached(measurement.reason) },
    ]),
  );
  if (control.from === 'otherSources' && !isCutShort) return unconfirmed;
  for (const { test, measurement } of denied) {
    if (unconfirmed.get(test.index)?.reached === true) continue;
    const { startedAt, attempts } = measurement;
    measured.set(test.index, { ...failedMeasurement(failure, startedAt), attempts });
  }
  return unconfirmed;
}

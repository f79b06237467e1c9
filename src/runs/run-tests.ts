// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../kube/cluster.js';
import { reportApiVersion, type ControlResult, type Report } from '../model/report.js';
import { summarize } from '../model/summary.js';
import { controlsOf, controlTests } from './controls.js';
import { hintsFor } from './hints.js';
import { settleHostFamilies } from './host-families.js';
import type { Measurement } from './measurement.js';
import type { Test } from './plan.js';
import { prepareRun, type PreparedRun } from './prepare-run.js';
import { resultOf } from './result.js';
import type { Measurer, RunRequest } from './run-request.js';
import type { RunObserver } from './tool.js';
import { markVanished } from './vanished.js';
import { reached } from './verdict.js';

function emptyMeasurement({ destination }: Test): Measurement | undefined {
  const { emptyReason, emptyMessage, ref } = destination;
  if (emptyReason === undefined) return undefined;
  const message = emptyMessage ?? `${ref} has ${emptyReason === 'NoEndpoints' ? 'no ready endpoint' : 'no address'}`;
  return { reason: emptyReason, message, attempts: 0, startedAt: new Date() };
}

async function measureControls(
  { plan, workplaces, controls }: PreparedRun,
  request: RunRequest,
  measurer: Measurer,
  measured: ReadonlyMap<number, Measurement>,
): Promise<Map<number, ControlResult>> {
  if (request.expect !== 'deny' || request.control.from === 'none') return new Map();
  const paired = (tests: readonly Test[], from: ReadonlyMap<number, Measurement>) =>
    tests.flatMap((test) => {
      const measurement = from.get(test.index);
      return measurement === undefined ? [] : [{ test, measurement }];
    });
  if (request.control.from === 'otherSources') return controlsOf(plan.tests, measured, paired(plan.tests, measured));
  const tests = controlTests(plan.tests, measured, request.control, controls);
  const controlMeasurements = await measurer.measure(tests, workplaces);
  return controlsOf(plan.tests, measured, paired(tests, controlMeasurements));
}

/** Turns measurements into a report: looks for pods that vanished, makes the controls, judges, and adds hints. */
export async function concludeRun(
  cluster: Cluster,
  prepared: PreparedRun,
  request: RunRequest,
  measurer: Measurer,
  measured: Map<number, Measurement>,
): Promise<Report> {
  const { plan, startedAt } = prepared;
  const ended = request.signal.aborted;
  if (!ended) await markVanished(cluster, plan.tests, measured);
  const controls = ended
    ? new Map<number, ControlResult>()
    : await measureControls(prepared, request, measurer, measured);
  const warnings = [...plan.notes];
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
    const { expect, maxLossPercent, labels } = request;
    const control = controls.get(test.index);
    return [resultOf(test, measurement, { probe: measurer.probeOf(test), expect, maxLossPercent, control, labels })];
  });
  return {
    apiVersion: reportApiVersion,
    kind: 'Report',
    command: measurer.verb,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    warnings: [...new Set(warnings)],
    summary: summarize(results),
    results,
    hints: ended ? [] : await hintsFor(cluster, plan.tests, results),
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

/** Makes all tests of a request and reports them. Throws Failure when nothing could be tested at all. */
export async function runTests(
  cluster: Cluster,
  request: RunRequest,
  measurer: Measurer,
  observer: RunObserver,
): Promise<Report> {
  const prepared = await prepareRun(cluster, request, measurer, observer);
  const { sendable, measured } = splitEmpty(prepared.plan.tests);
  observer.progress(`${measurer.verb}: ${sendable.length} ${sendable.length === 1 ? 'test' : 'tests'}`);
  const measure = (tests: readonly Test[]) => measurer.measure(tests, prepared.workplaces);
  const first = new Map([...measured, ...(await measure(sendable))]);
  const settled = await settleHostFamilies(prepared.plan.tests, first, measure);
  const plan = { ...prepared.plan, tests: settled.tests };
  return concludeRun(cluster, { ...prepared, plan }, request, measurer, settled.measured);
}

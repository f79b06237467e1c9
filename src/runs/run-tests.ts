// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import { reportApiVersion, type ControlResult, type ProbeName, type Report } from '../model/report.js';
import { summarize } from '../model/summary.js';
import type { Expectation } from '../model/verdict.js';
import { resolveDestinations } from '../targets/destinations.js';
import type { DestinationRef, SourceSpec, ToSelector } from '../targets/refs.js';
import type { SourceMode } from '../targets/source-choice.js';
import type { SourcePod } from '../targets/source-pod.js';
import { resolveSources } from '../targets/sources.js';
import { controlSources, controlsOf, controlTests, type ControlChoice } from './controls.js';
import { hintsFor } from './hints.js';
import { settleHostFamilies } from './host-families.js';
import type { Measurement } from './measurement.js';
import { planTests, type Plan, type Test } from './plan.js';
import { resultOf } from './result.js';
import type { RunObserver, ToolOptions } from './tool.js';
import { markVanished } from './vanished.js';
import { reached } from './verdict.js';
import { Workplaces } from './workplaces.js';

/** What every verb that makes tests is asked for. */
export interface RunRequest {
  source: SourceSpec;
  destinations: DestinationRef[];
  toSelector?: ToSelector | undefined;
  mode: SourceMode;
  maxPods: number;
  fromNode?: string | undefined;
  /** Undefined: one family of each destination, the source's own first one where possible. */
  families?: readonly (4 | 6)[] | undefined;
  expect: Expectation;
  control: ControlChoice;
  maxLossPercent: number;
  tool: ToolOptions;
  /** Source pods that work at once. */
  concurrency: number;
  labels?: Record<string, string> | undefined;
  signal: AbortSignal;
}

/** How a verb measures; everything else of a run is the same for all. */
export interface Measurer {
  verb: 'ping' | 'connect';
  /** The protocols that a Service's ports are looked up for; none for ICMP. */
  protocols: readonly ('tcp' | 'udp')[];
  /** Capabilities that a source's tool container needs; none for the plain one. */
  capabilities: readonly string[];
  probeOf(test: Test): ProbeName;
  /** Pods beside the sources that measuring enters for proofs of arrival, and the capabilities that it needs there. */
  proofPods?(cluster: Cluster, tests: readonly Test[], signal: AbortSignal): Promise<SourcePod[]>;
  proofCapabilities?: readonly string[];
  /** The measurement of each test by its index. What fails at one source is the measurement of its tests. */
  measure(tests: readonly Test[], workplaces: Workplaces): Promise<Map<number, Measurement>>;
}

/** A run that is ready to measure. */
export interface PreparedRun {
  startedAt: Date;
  plan: Plan;
  workplaces: Workplaces;
  controls: SourcePod[];
}

function refuseTooManyPods(entered: readonly SourcePod[], maxPods: number): void {
  const names = new Set(entered.map(({ namespace, name }) => `${namespace}/${name}`));
  if (names.size > maxPods) {
    throw new Failure('usage', `${names.size} pods would be entered, and --max-pods is ${maxPods}`, {
      hint: `allow it with --max-pods ${names.size}, or name fewer pods`,
    });
  }
}

/** Finds sources and destinations, plans the tests and announces what pods get; throws Failure when there is no test. */
export async function prepareRun(
  cluster: Cluster,
  request: RunRequest,
  measurer: Measurer,
  observer: RunObserver,
): Promise<PreparedRun> {
  const startedAt = new Date();
  const { signal, maxPods, families } = request;
  const [sources, resolved] = await Promise.all([
    resolveSources(cluster, request.source, {
      mode: request.mode,
      maxPods,
      fromNode: request.fromNode,
      families,
      signal,
    }),
    resolveDestinations(cluster, request.destinations, {
      verb: measurer.verb,
      protocols: measurer.protocols,
      families: families ?? [4, 6],
      toSelector: request.toSelector,
      signal,
    }),
  ]);
  const planned = planTests(sources, resolved.destinations, { chooseFamily: families === undefined });
  const plan = { tests: planned.tests, notes: [...resolved.notes, ...planned.notes] };
  if (plan.tests.length === 0) {
    throw new Failure('notFound', ['there is nothing to test', ...plan.notes].join(': '));
  }
  const [controls, proofs] = await Promise.all([
    request.expect === 'deny' ? controlSources(cluster, plan.tests, request.control, signal) : [],
    measurer.proofPods?.(cluster, plan.tests, signal) ?? [],
  ]);
  refuseTooManyPods([...sources, ...controls, ...proofs], maxPods);
  const workplaces = new Workplaces(cluster, {
    tool: request.tool,
    capabilities: measurer.capabilities,
    proofPods: proofs,
    proofCapabilities: measurer.proofCapabilities ?? [],
    concurrency: request.concurrency,
    signal,
    observer,
  });
  await workplaces.rehearse(sources, controls);
  return { startedAt, plan, workplaces, controls };
}

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

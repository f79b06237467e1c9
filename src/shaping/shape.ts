// SPDX-License-Identifier: Apache-2.0
import { asFailure, type Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import { callerName } from '../kube/identity.js';
import { abortWith } from '../kube/linked-abort.js';
import type { Pod } from '../kube/objects.js';
import { podLabel } from '../kube/pod-eligibility.js';
import { podPath } from '../kube/tool-container-patch.js';
import type { ShapeReport } from '../model/shaping.js';
import type { EntryContext } from '../runs/pod-entry.js';
import { applyShapes, clearAll } from './apply-shapes.js';
import { explainRoundTrips } from './effect-text.js';
import { lastShapes } from './last-shapes.js';
import { outcomeOf, type LivingShape } from './living-shape.js';
import { prepareAll } from './prepare-all.js';
import { rehearseShapes } from './rehearse-shapes.js';
import { removeShapeAnnotation } from './shape-annotation.js';
import { failedOutcome, type ShapeOutcome } from './shape-outcome.js';
import { shapeReport } from './shape-report.js';
import type { ShapeObserver, ShapeRequest, ShapeTask } from './shape-request.js';

const clearLimitMs = 30_000;

/** Pods that are not touched because another one cannot be shaped. */
function notShaped(task: ShapeTask, because: Failure): ShapeOutcome {
  const verdict = failedOutcome(because).verdict;
  const message = `pod ${podLabel(task.source.pod)} is not shaped, because another one cannot be`;
  return { verdict, reason: 'NotShaped', message, hint: '--keep-going shapes those that can be', measurements: [] };
}

/** The outcomes where not all pods could be shaped: of those that could not, why; of the others, that they were not. */
function refused(tasks: readonly ShapeTask[], failures: ReadonlyMap<ShapeTask, Failure>): Map<ShapeTask, ShapeOutcome> {
  const [first] = failures.values();
  return new Map(
    tasks.map((task) => {
      const failure = failures.get(task);
      return [task, failure === undefined ? notShaped(task, first as Failure) : failedOutcome(failure)];
    }),
  );
}

/** What is asked for once and paid several times, a line for each kind of shape. */
function explanations(shapes: readonly LivingShape[]): string[] {
  const lines = shapes.map(({ prepared }) => explainRoundTrips(prepared.rule));
  return [...new Set(lines.filter((line) => line !== undefined))];
}

/** Removes what was written about shapes that have ended; that it stays somewhere does no harm. */
async function forget({ cluster, signal }: EntryContext, shapes: readonly LivingShape[]): Promise<void> {
  const annotated = shapes.filter(({ annotated: is }) => is);
  await Promise.all(
    annotated.map(async ({ prepared, record: { token } }) => {
      try {
        const pod = await cluster.get<Pod>(podPath(prepared.pod), { signal });
        await removeShapeAnnotation(cluster, pod, { token, signal });
      } catch (thrown) {
        if (asFailure(thrown).code === 'bug') throw thrown;
      }
    }),
  );
}

/**
 * Shapes pods: asks first, enters, plans, measures, makes the rules, reads them back, measures again, and (unless detached)
 * waits until they have ended and are read back as clear. `companion` starts what the shape lasts for. Throws Failure where
 * nothing could be done at all; what became of each pod is in the report.
 */
export async function shape(
  cluster: Cluster,
  request: ShapeRequest,
  observer: ShapeObserver,
  companion?: (signal: AbortSignal) => Promise<unknown>,
): Promise<ShapeReport> {
  const { tasks, tool, signal } = request;
  const startedAt = new Date();
  const startedMs = performance.now();
  const context: EntryContext = { cluster, tool, signal, observer };
  // Clearing up has to work after the signal, and has its own end.
  const clearing = (): EntryContext => ({ ...context, signal: AbortSignal.timeout(clearLimitMs) });
  const warnings = [...request.warnings];
  const report = (outcomes: ReadonlyMap<ShapeTask, ShapeOutcome>) =>
    shapeReport(tasks, outcomes, { startedAt, startedMs, dryRun: request.dryRun, warnings });

  observer.progress('asking whether it may be done');
  const caller = await callerName(cluster, { signal });
  const rehearsal = await rehearseShapes(context, request, caller);
  // Before it lasts, not after.
  for (const line of rehearsal.warnings) observer.notice(`Warning: ${line}`);
  warnings.push(...rehearsal.warnings);
  for (const line of rehearsal.notices) observer.notice(`Note: ${line}`);
  if (rehearsal.refusals.size > 0 && !request.keepGoing) return report(refused(tasks, rehearsal.refusals));
  const going = { ...request, tasks: tasks.filter((task) => !rehearsal.refusals.has(task)) };
  if (request.dryRun === 'server') {
    return report(new Map([...refusedOnly(rehearsal.refusals), ...going.tasks.map(wouldShape)]));
  }

  observer.progress('looking at the network of the pods');
  const { prepared, failures } = await prepareAll(context, going, caller);
  const all = new Map([...rehearsal.refusals, ...failures]);
  if (prepared.length === 0 || (failures.size > 0 && !request.keepGoing)) return report(refused(tasks, all));

  const applied = await applyShapes(context, going, prepared, { caller, clearing });
  for (const [task, failure] of applied.failures) all.set(task, failure);
  const { shapes } = applied;
  if (shapes.length === 0) return report(refused(tasks, all));
  const outcomes = new Map<ShapeTask, ShapeOutcome>(refusedOnly(all));
  const note = (shape: LivingShape, outcome: ShapeOutcome) => outcomes.set(shape.prepared.task, outcome);
  for (const one of shapes) note(one, outcomeOf(one, undefined));
  observer.shaped?.(report(outcomes).results);
  for (const line of explanations(shapes)) observer.notice(`Note: ${line}`);
  if (request.detach) return report(outcomes);

  const stop = new AbortController();
  const unlink = abortWith(stop, signal);
  const running = companion?.(stop.signal);
  try {
    const found = await lastShapes(context, shapes, { follow: request.follow, companion: running });
    for (const [one, outcome] of found) if (outcome !== undefined) note(one, outcome);
    const lasting = shapes.filter((one) => found.get(one) === undefined);
    const left = await clearAll(clearing(), lasting);
    for (const one of lasting) note(one, left.has(one) ? notCleared(one) : outcomeOf(one, new Date()));
    await forget(clearing(), shapes);
  } catch (thrown) {
    // What runs beside it is told to end as well, and is not left behind.
    stop.abort(thrown);
    const [left] = await Promise.all([clearAll(clearing(), shapes), running?.catch(() => undefined)]);
    const failure = asFailure(thrown);
    if (failure.code !== 'interrupted') throw failure;
    for (const one of shapes) note(one, left.has(one) ? notCleared(one) : interrupted(one));
  } finally {
    unlink();
  }
  return report(outcomes);
}

function notCleared(shape: LivingShape): ShapeOutcome {
  const { pod } = shape.prepared;
  const message = `pod ${podLabel(pod)} could not be cleared; the rules end by themselves at ${shape.record.endsAt}`;
  return { ...outcomeOf(shape, undefined), verdict: 'error', reason: 'NotCleared', message };
}

function interrupted(shape: LivingShape): ShapeOutcome {
  const message = 'interrupted, and cleared';
  return { ...outcomeOf(shape, new Date()), verdict: 'inconclusive', reason: 'Interrupted', message };
}

function refusedOnly(failures: ReadonlyMap<ShapeTask, Failure>): [ShapeTask, ShapeOutcome][] {
  return [...failures].map(([task, failure]) => [task, failedOutcome(failure)]);
}

function wouldShape(task: ShapeTask): [ShapeTask, ShapeOutcome] {
  const message = 'the API server would let it be done; what the kernel can do only shows in the pod';
  return [task, { verdict: 'pass', reason: 'EffectNotMeasured', message, measurements: [] }];
}

// SPDX-License-Identifier: Apache-2.0
import { asFailure, type Failure } from '../errors/failure.js';
import { abortFailure } from '../kube/guard.js';
import { podLabel } from '../kube/pod-eligibility.js';
import type { EntryContext } from '../runs/pod-entry.js';
import { settleAll } from '../runs/settle-all.js';
import { beginShape, newShape, verifyShape } from './begin-shape.js';
import { clearShape } from './clear-shape.js';
import { effectMeter, type EffectMeter } from './effect-meter.js';
import type { LivingShape } from './living-shape.js';
import type { PreparedShape } from './prepared-shape.js';
import type { ShapeRequest, ShapeTask } from './shape-request.js';

/** Failures after which nothing of a new shape can be there. */
function isUntouched({ code, reason }: Failure): boolean {
  return code === 'unsupported' || reason === 'AlreadyShaped';
}

/** Failures that end everything, whether single pods may fail or not. */
function endsAll({ code }: Failure): boolean {
  return code === 'interrupted' || code === 'bug';
}

/**
 * Ends shapes that must not stay, whatever ended us. What cannot be cleared is said, with when it ends by itself, and is in
 * the result.
 */
export async function clearAll(context: EntryContext, shapes: Iterable<LivingShape>): Promise<Set<LivingShape>> {
  const left = new Set<LivingShape>();
  await Promise.all(
    [...shapes].map(async (shape) => {
      const { prepared, record } = shape;
      try {
        await clearShape(context, prepared.pod, { token: record.token });
      } catch (thrown) {
        const failure = asFailure(thrown);
        if (failure.code === 'notFound') return;
        left.add(shape);
        context.observer.left(
          `pod ${podLabel(prepared.pod)} could not be cleared: ${failure.message}; the rules end by themselves at ${record.endsAt}`,
        );
      }
    }),
  );
  return left;
}

/**
 * Measures, makes the rules, writes them down and measures again. All or nothing, but with `keepGoing`: where one pod fails,
 * those done are cleared. The failures of single pods are in the result; throws Failure `interrupted`, with everything cleared.
 */
export async function applyShapes(
  context: EntryContext,
  request: ShapeRequest,
  prepared: readonly PreparedShape[],
  { caller, clearing }: { caller: string | undefined; clearing: () => EntryContext },
): Promise<{ shapes: LivingShape[]; failures: Map<ShapeTask, Failure> }> {
  const { observer, signal } = context;
  const { keepGoing, tool } = request;
  const failures = new Map<ShapeTask, Failure>();
  const ready = new Map(prepared.map((one) => [one.task, one]));
  const meters = new Map<ShapeTask, EffectMeter>();
  // Every one whose rules may be there.
  const shapes = new Map<ShapeTask, LivingShape>();

  /** Does one step in every pod that is left; whether it goes on. */
  const inEach = async (step: (one: PreparedShape) => Promise<void>): Promise<boolean> => {
    await Promise.all(
      [...ready.values()].map(async (one) => {
        try {
          await step(one);
          if (signal.aborted) throw abortFailure(signal);
        } catch (thrown) {
          failures.set(one.task, asFailure(thrown));
        }
      }),
    );
    const fatal = [...failures.values()].find(endsAll);
    const gone = fatal !== undefined || (failures.size > 0 && !keepGoing) ? [...ready.keys()] : [...failures.keys()];
    await clearAll(
      clearing(),
      gone.flatMap((task) => shapes.get(task) ?? []),
    );
    for (const task of gone) for (const each of [ready, shapes]) each.delete(task);
    if (fatal !== undefined) throw fatal;
    return ready.size > 0;
  };

  const makeRoom = async (one: PreparedShape) => {
    ready.set(one.task, (await one.makeRoom?.()) ?? one);
  };
  const makeRules = async (one: PreparedShape) => {
    const shape = newShape(one, { caller, reason: tool.reason });
    shapes.set(one.task, shape);
    try {
      await beginShape(shape);
    } catch (thrown) {
      if (isUntouched(asFailure(thrown))) shapes.delete(one.task);
      throw thrown;
    }
  };
  const verify = async ({ task }: PreparedShape) =>
    verifyShape(context, shapes.get(task) as LivingShape, meters.get(task) as EffectMeter);

  if (!(await inEach(makeRoom))) return { shapes: [], failures };
  observer.progress('measuring before');
  const pods = [...ready.values()].map(({ pod }) => pod);
  await settleAll(
    [...ready.values()].map(async (one) => meters.set(one.task, await effectMeter(context, request, one, pods))),
  );
  observer.progress('making the rules');
  if (!(await inEach(makeRules))) return { shapes: [], failures };
  observer.progress('measuring during');
  await inEach(verify);
  return { shapes: [...shapes.values()], failures };
}

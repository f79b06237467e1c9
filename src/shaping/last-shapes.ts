// SPDX-License-Identifier: Apache-2.0
import { pause } from '../kube/pause.js';
import { abortFailure } from '../kube/guard.js';
import { abortWith } from '../kube/linked-abort.js';
import type { EntryContext } from '../runs/pod-entry.js';
import { followPeers } from './follow-peers.js';
import { endedEarly, type LivingShape } from './living-shape.js';
import type { ShapeOutcome } from './shape-outcome.js';
import { ShapeWatch } from './watch-shape.js';

const lookEveryMs = 3000;
/** Where something is about to show. */
const lookSoonMs = 500;

export interface LastOptions {
  follow: boolean;
  /** Renews shapes for so long as this lasts; without it they end by their own time. */
  companion?: Promise<unknown> | undefined;
}

/** Renews one shape long before it would end, until it is told to stop. What it answers shows with the next look. */
async function keepRenewed(shape: LivingShape, stop: AbortSignal): Promise<void> {
  const { durationMs } = shape.prepared.task;
  for (;;) {
    try {
      await pause(durationMs / 3, stop);
    } catch {
      return;
    }
    await shape.prepared.shaper.renew(shape.record.token, Math.ceil(durationMs / 1000)).catch(() => 'gone');
  }
}

/** One look just before the end, for the counters, and then as soon as it is over. */
function pauseBeforeLook(leftMs: number): number {
  return leftMs > 1500 ? Math.min(lookEveryMs, leftMs - 700) : Math.max(200, Math.min(leftMs, 1000));
}

async function lastOne(
  context: EntryContext,
  shape: LivingShape,
  { follow, companion }: LastOptions,
  /** Aborts with the context's own signal as well. */
  over: AbortSignal,
): Promise<ShapeOutcome | undefined> {
  const { signal } = context;
  const hasEnd = companion === undefined;
  const watch = new ShapeWatch(context, shape, { hasEnd });
  // Never longer than it was: every change of the filters says its time again.
  const secondsLeft = () => (hasEnd ? shape.endMs - performance.now() : shape.prepared.task.durationMs) / 1000;
  const keepUp = follow ? followPeers(context, shape, secondsLeft) : undefined;
  for (;;) {
    const nextMs = hasEnd ? pauseBeforeLook(shape.endMs - performance.now()) : lookEveryMs;
    await pause(watch.isUnheld ? lookSoonMs : nextMs, over).catch(() => undefined);
    if (signal.aborted) throw abortFailure(signal);
    if (over.aborted) return watch.lastLook();
    const outcome = await watch.look();
    if (outcome !== undefined) return outcome;
    const failed = watch.isUnheld ? undefined : await keepUp?.();
    if (failed !== undefined) return endedEarly(shape, failed);
  }
}

/**
 * Waits until shapes have ended and are read back as clear, or, with a companion, until that has ended. What became of each
 * pod is in the result: undefined where the shape is still there when its companion has ended. Throws Failure `interrupted`,
 * and what the companion throws.
 */
export async function lastShapes(
  context: EntryContext,
  shapes: readonly LivingShape[],
  options: LastOptions,
): Promise<Map<LivingShape, ShapeOutcome | undefined>> {
  const { observer, signal } = context;
  const over = new AbortController();
  const unlink = abortWith(over, signal);
  const countdown = setInterval(() => {
    const packets = shapes.reduce((sum, { counters }) => sum + counters.packets, 0);
    const lastMs = Math.max(...shapes.map(({ record }) => Date.parse(record.endsAt))) - Date.now();
    const left =
      options.companion === undefined ? `${Math.max(0, Math.ceil(lastMs / 1000))} s left` : 'until the command ends';
    observer.progress(
      `shaping ${shapes.length === 1 ? '1 pod' : `${shapes.length} pods`}, ${left}, ${packets} packets`,
    );
  }, 500);
  const companion = options.companion?.finally(() => over.abort());
  try {
    const [found] = await Promise.all([
      Promise.all(shapes.map((shape) => lastOne(context, shape, options, over.signal))),
      companion,
      ...(companion === undefined ? [] : shapes.map((shape) => keepRenewed(shape, over.signal))),
    ]);
    return new Map(shapes.map((shape, index) => [shape, found[index]]));
  } finally {
    clearInterval(countdown);
    unlink();
    over.abort();
  }
}

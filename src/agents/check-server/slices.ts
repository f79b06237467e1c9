// SPDX-License-Identifier: Apache-2.0
import { setImmediate } from 'node:timers/promises';
import type { Steps } from '../../connectivity/steps.js';

/** Longest time that work on all agents keeps reports waiting, in ms. */
const sliceMs = 5;

/** Items one by one; between them, others get their turn as often as they need it. */
export async function* inSlices<T>(items: Iterable<T>): AsyncGenerator<T> {
  let startedMs = performance.now();
  for (const item of items) {
    yield item;
    if (performance.now() - startedMs < sliceMs) continue;
    await setImmediate();
    startedMs = performance.now();
  }
}

/** Work to its end, with turns for others as often as they need them. */
export async function finishedInSlices<Result>(steps: Steps<Result>): Promise<Result> {
  let startedMs = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - startedMs < sliceMs) continue;
    await setImmediate();
    startedMs = performance.now();
  }
}

// SPDX-License-Identifier: Apache-2.0
import { setImmediate } from 'node:timers/promises';

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

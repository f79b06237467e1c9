// SPDX-License-Identifier: Apache-2.0
import type { Direction, Effects } from '../model/shaping.js';

/** How often a round trip that the pod begins passes through what shapes it. */
export function crossingsOf(direction: Direction): 1 | 2 {
  return direction === 'both' ? 2 : 1;
}

/** Whether nothing at all is to come through. */
export function stopsEverything({ partition, loss }: Effects): boolean {
  return partition === true || (loss?.model === 'random' && loss.percent >= 100);
}

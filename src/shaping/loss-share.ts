// SPDX-License-Identifier: Apache-2.0
import type { Effects } from '../model/shaping.js';
import { fourStateNumbers, gilbertElliottNumbers } from './parse-loss.js';

/**
 * The share (0 to 1) of packets that never arrive whole, in the long run: lost by their model, or corrupted, which the
 * receiver's checksum turns into a loss.
 */
export function lossShare({ loss, corrupt, partition }: Effects): number {
  if (partition) return 1;
  return 1 - (1 - lossOf(loss)) * (1 - (corrupt?.percent ?? 0) / 100);
}

function lossOf(loss: Effects['loss']): number {
  if (loss === undefined) return 0;
  if (loss.model === 'random') return loss.percent / 100;
  return loss.model === 'gemodel' ? gilbertElliott(gilbertElliottNumbers(loss)) : fourStates(fourStateNumbers(loss));
}

/** A chain of a good and a bad state: the time in the bad one is p/(p+r). */
function gilbertElliott(numbers: readonly number[]): number {
  const [p = 0, r = 0, oneMinusH = 0, oneMinusK = 0] = numbers.map((percent) => percent / 100);
  const bad = p + r === 0 ? 0 : p / (p + r);
  return bad * oneMinusH + (1 - bad) * oneMinusK;
}

/**
 * netem's four states (Salsano et al., "Definition of a general and intuitive loss model"): 1 good, 2 good within a
 * burst, 3 lost within a burst, 4 lost alone. What enters a state in the long run leaves it.
 */
function fourStates(numbers: readonly number[]): number {
  const [p13 = 0, p31 = 0, p32 = 0, p23 = 0, p14 = 0] = numbers.map((percent) => percent / 100);
  // A burst that never ends, or whose good part never ends.
  if (p13 > 0 && p32 > 0 && p23 === 0) return 0;
  if (p13 > 0 && p31 === 0) return p32 === 0 ? 1 : p23 / (p23 + p32);
  const lostInBurst = p13 === 0 ? 0 : p13 / p31;
  const goodInBurst = p32 === 0 ? 0 : (lostInBurst * p32) / p23;
  return (lostInBurst + p14) / (1 + p14 + lostInBurst + goodInBurst);
}

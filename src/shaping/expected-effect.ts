// SPDX-License-Identifier: Apache-2.0
import type { Direction, Effects } from '../model/shaping.js';
import { binomialInterval } from './binomial-interval.js';
import { crossingsOf } from './crossings.js';
import { standardDelay } from './delay-distribution.js';

/** What effects add to the median of some round trips, in ms. */
export interface AddedTime {
  typicalMs: number;
  /** The median of so many round trips is outside of these in less than one case of 10,000. */
  leastMs: number;
  /** Infinity where a queue stands behind a rate: what waits in it is up to the pod's other traffic. */
  mostMs: number;
}

/** The bytes of a small packet with its headers, as the shaped interface counts them. */
const smallPacketBytes = 114;
/** How finely a distribution is looked at where two of them add up. */
const steps = 200;

/**
 * What is added to the median of `samples` round trips of small packets that the pod begins one by one. netem's own delay is
 * meant: a packet that has to wait for others waits longer.
 */
export function expectedRoundTrip(effects: Effects, direction: Direction, samples = 20): AddedTime {
  const crossings = crossingsOf(direction);
  const { delay, slot, rateBitsPerSecond: rate } = effects;
  const quantile = crossings === 1 ? (share: number) => crossingMs(effects, share) : twoCrossingsMs(effects);
  const ranks = binomialInterval(samples, 0.5);
  // Correlated delays are few independent ones: their median may be anywhere among them.
  const correlated = (delay?.correlationPercent ?? 0) > 0 || (effects.reorder?.correlationPercent ?? 0) > 0;
  const [low, high] = correlated ? [0, 1] : [ranks.least / samples, ranks.most / samples];
  const slotMs = (crossings * (slot?.maxUs ?? slot?.minUs ?? 0)) / 1000;
  return {
    typicalMs: quantile(0.5),
    leastMs: quantile(low),
    mostMs: rate === undefined ? quantile(high) + slotMs : Infinity,
  };
}

/** The longest that one round trip of a small packet is to be waited for, without what the network itself takes. */
export function longestRoundTripMs(effects: Effects): number {
  const { delay, slot, rateBitsPerSecond: rate } = effects;
  const serialMs = rate === undefined ? 0 : (smallPacketBytes * 8000) / rate;
  const delayMs = delay === undefined ? 0 : crossingMs({ delay }, 1);
  return 2 * (delayMs + (slot?.maxUs ?? slot?.minUs ?? 0) / 1000 + serialMs);
}

/** The delay that a share (0 to 1) of all packets stays below on one way. */
function crossingMs({ delay, reorder }: Effects, share: number): number {
  if (delay === undefined) return 0;
  const atOnce = reorder === undefined ? 0 : sentAtOnce(reorder);
  if (share < atOnce) return 0;
  const { us, jitterUs = 0, distribution } = delay;
  const among = atOnce >= 1 ? 1 : (share - atOnce) / (1 - atOnce);
  return Math.max(0, us + jitterUs * standardDelay(distribution, among)) / 1000;
}

/** The share of packets that overtake. Of a gap of n, the first n - 1 are always delayed (sch_netem.c, netem_enqueue). */
function sentAtOnce({ percent, gap = 1 }: { percent: number; gap?: number }): number {
  return percent <= 0 ? 0 : 1 / (gap - 1 + 100 / percent);
}

function twoCrossingsMs(effects: Effects): (share: number) => number {
  const one = Array.from({ length: steps }, (_, step) => crossingMs(effects, (step + 0.5) / steps));
  const sums = Float64Array.from(one.flatMap((there) => one.map((back) => there + back))).sort();
  return (share) => sums[Math.min(sums.length - 1, Math.floor(share * sums.length))] ?? 0;
}

// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Direction, Effects } from '../../../src/model/shaping.js';
import { standardDelay } from '../../../src/shaping/delay-distribution.js';
import { expectedRoundTrip, longestRoundTripMs } from '../../../src/shaping/expected-effect.js';

describe('expectedRoundTrip', () => {
  it.each<[string, Effects, Direction, [number, number, number]]>([
    ['nothing', {}, 'both', [0, 0, 0]],
    ['a delay of what is sent', { delay: { us: 100_000 } }, 'egress', [100, 100, 100]],
    ['of what comes in', { delay: { us: 100_000 } }, 'ingress', [100, 100, 100]],
    ['both ways', { delay: { us: 100_000 } }, 'both', [200, 200, 200]],
    ['a few overtake', { delay: { us: 50_000 }, reorder: { percent: 5 } }, 'egress', [50, 50, 50]],
    ['all but a few overtake', { delay: { us: 50_000 }, reorder: { percent: 95 } }, 'egress', [0, 0, 0]],
    [
      'overtaking that comes in fives',
      { delay: { us: 50_000 }, reorder: { percent: 100, gap: 5 } },
      'both',
      [100, 50, 100],
    ],
    ['half of them overtake', { delay: { us: 50_000 }, reorder: { percent: 49 } }, 'egress', [50, 0, 50]],
    ['slots', { slot: { minUs: 10_000, maxUs: 30_000 } }, 'both', [0, 0, 60]],
    ['a rate with a delay', { delay: { us: 20_000 }, rateBitsPerSecond: 1e6 }, 'egress', [20, 20, Infinity]],
  ])('%s', (_, effects, direction, [typical, least, most]) => {
    const { typicalMs, leastMs, mostMs } = expectedRoundTrip(effects, direction);
    expect([typicalMs, leastMs, mostMs]).toEqual([typical, least, most]);
  });

  const jittered = fc.record({
    us: fc.integer({ min: 1000, max: 200_000 }),
    jitterUs: fc.integer({ min: 1, max: 100_000 }),
    distribution: fc.constantFrom(undefined, 'normal' as const, 'pareto' as const),
  });

  /** The median of round trips whose delays are drawn as netem draws them. */
  function drawnMedian({ delay }: Effects, ways: number, draws: readonly number[]): number {
    const { us = 0, jitterUs = 0, distribution } = delay ?? {};
    const one = (draw: number) => Math.max(0, us + jitterUs * standardDelay(distribution, draw)) / 1000;
    const trips = Array.from({ length: draws.length / 2 }, (_, trip) => {
      const [there = 0, back = 0] = draws.slice(2 * trip);
      return one(there) + (ways === 2 ? one(back) : 0);
    });
    return trips.sort((a, b) => a - b)[trips.length / 2] ?? 0;
  }

  it('holds what is drawn by chance', () => {
    const draws = fc.array(fc.double({ min: 0, max: 1, noNaN: true, noDefaultInfinity: true }), {
      minLength: 40,
      maxLength: 40,
    });
    fc.assert(
      fc.property(jittered, draws, fc.constantFrom('egress' as const, 'both' as const), (delay, drawn, direction) => {
        const asked: Effects = { delay: { ...delay, distribution: delay.distribution ?? 'normal' } };
        // fast-check favours the ends of a range: chance is made even by order.
        const even = drawn.map((draw, index) => (draw * 0.9 + index) % 1);
        const { leastMs, typicalMs, mostMs } = expectedRoundTrip(asked, direction);
        expect(leastMs <= typicalMs && typicalMs <= mostMs).toBe(true);
        const longest = longestRoundTripMs(asked);
        expect(mostMs).toBeLessThanOrEqual(longest);
        expect(drawnMedian(asked, direction === 'both' ? 2 : 1, even)).toBeLessThanOrEqual(longest);
      }),
    );
  });

  it('lets jitter spread the median of few samples more than that of many, and correlated jitter wherever it is', () => {
    const delay = { us: 100_000, jitterUs: 20_000 };
    const [few, many] = [20, 1000].map((samples) => expectedRoundTrip({ delay }, 'egress', samples));
    expect(few?.leastMs).toBeGreaterThan(80);
    expect(few?.leastMs).toBeLessThan(90);
    expect(many?.leastMs).toBeGreaterThan(96);
    expect(many?.mostMs).toBeLessThan(104);
    const correlated = expectedRoundTrip({ delay: { ...delay, correlationPercent: 25 } }, 'egress', 1000);
    expect([correlated.leastMs, correlated.mostMs]).toEqual([80, 120]);
    expect(expectedRoundTrip({ delay: { us: 10_000, jitterUs: 50_000 } }, 'egress').leastMs).toBe(0);
  });

  it('waits for a slow rate as well', () => {
    expect(longestRoundTripMs({})).toBe(0);
    expect(longestRoundTripMs({ delay: { us: 2_000_000, jitterUs: 500_000 } })).toBe(5000);
    expect(longestRoundTripMs({ rateBitsPerSecond: 1000 })).toBeGreaterThan(1500);
  });
});

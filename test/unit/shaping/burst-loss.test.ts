// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Loss } from '../../../src/model/shaping.js';
import { burstLoss } from '../../../src/shaping/burst-loss.js';

type Burst = Exclude<Loss, { model: 'random' }>;

describe('burstLoss', () => {
  it.each<[string, Burst, number]>([
    ['p alone: each packet by itself', { model: 'gemodel', p: 5 }, 0.05],
    ['Gilbert', { model: 'gemodel', p: 10, r: 40 }, 0.2],
    ['not all is lost in the bad state', { model: 'gemodel', p: 10, r: 40, oneMinusH: 50 }, 0.1],
    ['and something in the good one', { model: 'gemodel', p: 10, r: 40, oneMinusH: 50, oneMinusK: 10 }, 0.18],
    ['never lost', { model: 'gemodel', p: 0 }, 0],
    ['p13 alone: each packet by itself', { model: 'state', p13: 5 }, 0.05],
    ['bursts that end', { model: 'state', p13: 10, p31: 40 }, 0.2],
    ['lost alone', { model: 'state', p13: 0, p14: 25 }, 0.2],
    ['received within bursts', { model: 'state', p13: 10, p31: 40, p32: 40, p23: 40 }, 1 / 6],
    ['a burst without an end', { model: 'state', p13: 1, p31: 0 }, 1],
    ['one that all is received in', { model: 'state', p13: 1, p31: 0, p32: 10, p23: 0 }, 0],
  ])('%s', (_, loss, share) => {
    expect(burstLoss(loss).share).toBeCloseTo(share, 10);
  });

  it('spreads wider the longer bursts last', () => {
    expect(burstLoss({ model: 'gemodel', p: 5 }).spread(100)).toBeCloseTo(1, 10);
    // Independent in steps of 1 - p - r: (1 + 0.5) / (1 - 0.5) in the long run.
    expect(burstLoss({ model: 'gemodel', p: 10, r: 40 }).spread(100_000)).toBeCloseTo(3, 3);
    expect(burstLoss({ model: 'gemodel', p: 1, r: 1 }).spread(100)).toBeGreaterThan(30);
    expect(burstLoss({ model: 'gemodel', p: 0 }).spread(100)).toBe(1);
  });

  const percent = fc.double({ min: 0.1, max: 33, noNaN: true });
  it('is what a long run of the chain loses', () => {
    fc.assert(
      fc.property(fc.record({ p13: percent, p31: percent, p32: percent, p23: percent, p14: percent }), (words) => {
        const { share, spread } = burstLoss({ model: 'state', ...words });
        expect(share).toBeGreaterThan(0);
        expect(share).toBeLessThan(1);
        expect(spread(50)).toBeGreaterThanOrEqual(1);
        expect(spread(50)).toBeLessThanOrEqual(50);
        // Lost alone, or out of every burst, in the same measure as into it.
        const { p13, p31, p32, p23, p14 } = words;
        const [three, two, four] = [p13 / p31, ((p13 / p31) * p32) / p23, p14 / 100];
        expect(share).toBeCloseTo((three + four) / (1 + two + three + four), 8);
      }),
    );
  });
});

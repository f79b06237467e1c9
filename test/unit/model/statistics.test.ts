// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jitter, percentile, rttStatistics } from '../../../src/model/statistics.js';

const rtts = fc.array(fc.double({ min: 0, max: 10_000, noNaN: true }), { minLength: 1, maxLength: 300 });

describe('percentile', () => {
  it('takes the nearest rank', () => {
    const samples = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect(percentile(samples, 0)).toBe(1);
    expect(percentile(samples, 0.5)).toBe(5);
    expect(percentile(samples, 0.95)).toBe(10);
    expect(percentile(samples, 1)).toBe(10);
  });

  it('is a measured value and grows with the fraction', () => {
    fc.assert(
      fc.property(
        rtts,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (samples, a, b) => {
          const ascending = [...samples].sort((x, y) => x - y);
          const [low, high] = [percentile(ascending, Math.min(a, b)), percentile(ascending, Math.max(a, b))];
          expect(ascending).toContain(low);
          expect(low).toBeLessThanOrEqual(high);
        },
      ),
    );
  });

  it('refuses no samples', () => {
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });
});

describe('jitter', () => {
  it('is the mean absolute difference of successive samples', () => {
    expect(jitter([1, 3, 2])).toBe(1.5);
    expect(jitter([7])).toBe(0);
  });
});

describe('rttStatistics', () => {
  it('has nothing to say of no samples', () => {
    expect(rttStatistics([])).toBeUndefined();
  });

  it('names p95 from 20 samples on and p99 from 100', () => {
    expect(rttStatistics(Array.from({ length: 19 }, () => 1))).not.toHaveProperty('p95');
    expect(rttStatistics(Array.from({ length: 20 }, () => 1))).toHaveProperty('p95', 1);
    expect(rttStatistics(Array.from({ length: 99 }, () => 1))).not.toHaveProperty('p99');
    expect(rttStatistics(Array.from({ length: 100 }, () => 1))).toHaveProperty('p99', 1);
  });

  it('orders its figures', () => {
    fc.assert(
      fc.property(rtts, (samples) => {
        const figures = rttStatistics(samples);
        expect(figures).toBeDefined();
        if (figures === undefined) return;
        const ordered = [figures.min, figures.p50, figures.p95, figures.p99, figures.max].filter(
          (ms) => ms !== undefined,
        );
        expect(ordered).toEqual([...ordered].sort((a, b) => a - b));
        expect(figures.avg).toBeGreaterThanOrEqual(figures.min - 0.001);
        expect(figures.avg).toBeLessThanOrEqual(figures.max + 0.001);
      }),
    );
  });
});

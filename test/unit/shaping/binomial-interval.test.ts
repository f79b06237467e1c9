// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialInterval } from '../../../src/shaping/binomial-interval.js';

/** Probabilities of 0 to n of n events, multiplied out one event after another. */
function exactly(trials: number, probability: number): number[] {
  let chances = [1];
  for (let trial = 0; trial < trials; trial += 1) {
    const more = [...chances, 0];
    chances = more.map((none, count) => none * (1 - probability) + (chances[count - 1] ?? 0) * probability);
  }
  return chances;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const trials = fc.integer({ min: 0, max: 300 });
const probability = fc.double({ min: 0, max: 1, noNaN: true });
const confidence = fc.constantFrom(0.5, 0.9, 0.99, 0.9999);

describe('binomialInterval', () => {
  it('leaves no more than half of the rest on either side, and no more than it has to', () => {
    fc.assert(
      fc.property(trials, probability, confidence, (n, p, sure) => {
        const { least, most } = binomialInterval(n, p, sure);
        const chances = exactly(n, p);
        const tail = (1 - sure) / 2;
        const rounding = 1e-9;
        expect(0 <= least && least <= most && most <= n).toBe(true);
        expect(sum(chances.slice(0, least))).toBeLessThanOrEqual(tail + rounding);
        expect(sum(chances.slice(most + 1))).toBeLessThanOrEqual(tail + rounding);
        expect(sum(chances.slice(0, least + 1))).toBeGreaterThan(tail - rounding);
        expect(sum(chances.slice(most))).toBeGreaterThan(tail - rounding);
      }),
    );
  });

  it('is the same seen from those that do not happen', () => {
    fc.assert(
      fc.property(trials, fc.constantFrom(0, 0.125, 0.25, 0.5, 0.75, 1), confidence, (n, p, sure) => {
        const [one, other] = [binomialInterval(n, p, sure), binomialInterval(n, 1 - p, sure)];
        expect(one).toEqual({ least: n - other.most, most: n - other.least });
      }),
    );
  });

  it.each([
    [100, 0, 0, 0],
    [100, 1, 100, 100],
    [0, 0.5, 0, 0],
    // 0.95^100 = 0.6 %; more than 15 of 100 in 0.004 % of all cases.
    [100, 0.05, 0, 15],
  ])('of %d with probability %d', (n, p, least, most) => {
    expect(binomialInterval(n, p)).toEqual({ least, most });
  });

  it('counts tens of thousands', () => {
    const { least, most } = binomialInterval(50_000, 0.2);
    // Close to a normal distribution of that size: 10,000 +- 3.89 x 89.4.
    expect(Math.abs(least - 9652)).toBeLessThan(5);
    expect(Math.abs(most - 10_348)).toBeLessThan(5);
  });
});

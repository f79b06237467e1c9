// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { standardDelay } from '../../../src/shaping/delay-distribution.js';

describe('standardDelay', () => {
  // Of Debian's iproute2 6.1: the values of the tables at 1, 10, 25, 50, 75 and 90 %, of 8192 for one jitter.
  it.each([
    ['normal', [-19_121, -10_504, -5531, -5, 5520, 10_495]],
    ['pareto', [-5426, -5072, -4363, -2625, 949, 7141]],
    ['paretonormal', [-8849, -6430, -4655, -1970, 2091, 7979]],
  ] as const)('is what the table %s says', (distribution, table) => {
    [0.01, 0.1, 0.25, 0.5, 0.75, 0.9].forEach((share, index) => {
      expect(Math.abs(8192 * standardDelay(distribution, share) - (table[index] ?? 0))).toBeLessThan(70);
    });
  });

  it('is even without a distribution, and never falls', () => {
    expect([0, 0.25, 0.5, 1].map((share) => standardDelay(undefined, share))).toEqual([-1, -0.5, 0, 1]);
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const kind = fc.constantFrom(undefined, 'normal', 'pareto', 'paretonormal');
    fc.assert(
      fc.property(share, share, kind, (one, other, distribution) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        expect(standardDelay(distribution, high)).toBeGreaterThanOrEqual(standardDelay(distribution, low) - 1e-6);
        expect(Math.abs(standardDelay(distribution, one))).toBeLessThanOrEqual(4);
      }),
    );
  });
});

// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance, nearestNames } from '../../../src/targets/edit-distance.js';

describe('near names', () => {
  test('known distances', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('abc', 'abc')).toBe(0);
  });

  test('neighbours that are swapped are one edit', () => {
    expect(editDistance('szie', 'size')).toBe(1);
    expect(editDistance('abcd', 'badc')).toBe(2);
    expect(nearestNames('szie', ['size', 'raw', 'df'])).toEqual(['size']);
  });

  test('is symmetric, and 0 for the same words only', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });

  test('nearest first, at most three, nothing far', () => {
    expect(nearestNames('web-1', ['web-0', 'web-2', 'db-1', 'api', 'web-10'])).toEqual(['web-0', 'web-10', 'web-2']);
    expect(nearestNames('web', ['web-7d9f-x2', 'payment'])).toEqual(['web-7d9f-x2']);
    expect(nearestNames('zzz', ['web', 'api'])).toEqual([]);
  });
});

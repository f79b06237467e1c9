// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { formatSelector, matchesSelector } from '../../../src/targets/label-selectors.js';

const selector = {
  matchLabels: { app: 'web' },
  matchExpressions: [
    { key: 'tier', operator: 'In', values: ['a', 'b'] },
    { key: 'zone', operator: 'NotIn', values: ['x'] },
    { key: 'live', operator: 'Exists' },
    { key: 'old', operator: 'DoesNotExist' },
  ],
};

describe('label selectors', () => {
  test('as the API takes them', () => {
    expect(formatSelector(selector)).toBe('app=web,tier in (a,b),zone notin (x),live,!old');
    expect(formatSelector({})).toBeUndefined();
    expect(formatSelector(undefined)).toBeUndefined();
  });

  test('each term decides', () => {
    const labels = { app: 'web', tier: 'a', live: '' };
    expect(matchesSelector(selector, labels)).toBe(true);
    expect(matchesSelector(selector, { ...labels, zone: 'y' })).toBe(true);
    for (const other of [{ app: 'api' }, { tier: 'c' }, { zone: 'x' }, { old: '1' }]) {
      expect(matchesSelector(selector, { ...labels, ...other })).toBe(false);
    }
    expect(matchesSelector(selector, { app: 'web', tier: 'a' })).toBe(false);
    expect(matchesSelector({}, undefined)).toBe(true);
    expect(matchesSelector({ matchExpressions: [{ key: 'a', operator: 'Unheard' }] }, { a: '1' })).toBe(false);
  });
});

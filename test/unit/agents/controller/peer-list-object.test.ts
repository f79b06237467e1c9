// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  appliedList,
  isApplied,
  listText,
  nextListText,
  whyLeftAlone,
  type ConfigMap,
} from '../../../../src/agents/controller/peer-list-object.js';

const place = { namespace: 'shop', name: 'm', mesh: 'm' };

function periodOf(text: string): unknown {
  return (JSON.parse(text) as { pollingPeriod: unknown }).pollingPeriod;
}

test('the period is that of the NetworkProber, else of the list before, else a second', () => {
  const before = '{"endpointsMap":{},"pollingPeriod":2500000000}';
  expect(periodOf(nextListText('{}', 5e9, before))).toBe(5e9);
  expect(periodOf(nextListText('{}', undefined, before))).toBe(2.5e9);
  expect(periodOf(nextListText('{}', undefined, undefined))).toBe(1e9);
  expect(periodOf(nextListText('{}', undefined, '{"pollingPeriod":1}'))).toBe(1e9);
});

test('no list before makes it throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(periodOf(nextListText('{}', undefined, text))).toBeGreaterThan(0);
    }),
  );
});

test('a list that no ConfigMap holds is refused', () => {
  expect(() => nextListText(JSON.stringify('x'.repeat(1024 * 1024)), 1e9, undefined)).toThrow(
    /has \d+ bytes, but a ConfigMap holds no more than 1048576/,
  );
});

test('what was applied is known again, and is ours', () => {
  const configMap = appliedList(place, '{}', undefined) as ConfigMap;
  expect(isApplied(configMap, place, '{}')).toBe(true);
  expect(isApplied(configMap, place, '{"a":1}')).toBe(false);
  expect(isApplied(configMap, { ...place, mesh: 'shop/m' }, '{}')).toBe(false);
  expect(isApplied(undefined, place, '{}')).toBe(false);
  expect(listText(configMap)).toBe('{}');
  expect(whyLeftAlone(configMap)).toBeUndefined();
});

test('static lists and ConfigMaps of others are left alone', () => {
  const labelled = (labels?: Record<string, string>) => ({ metadata: { name: 'm', ...(labels && { labels }) } });
  expect(whyLeftAlone(labelled({ 'netmachinery.io/peer-list': 'static' }))).toBe('Static');
  expect(whyLeftAlone(labelled({ app: 'web' }))).toBe('NotOurs');
  expect(whyLeftAlone(labelled())).toBe('NotOurs');
});

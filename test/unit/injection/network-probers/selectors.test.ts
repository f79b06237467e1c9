// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSelector } from '../../../../src/injection/network-probers/parse-selector.js';
import { sampleLabels } from '../../../../src/injection/network-probers/sample-labels.js';
import { formatSelector, matchesSelector } from '../../../../src/targets/label-selectors.js';

describe('a selector of words', () => {
  it.each([
    ['app=web', { matchLabels: { app: 'web' } }],
    ['app==web,tier=a', { matchLabels: { app: 'web', tier: 'a' } }],
    ['tier!=test', { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['test'] }] }],
    ['app in (web, api)', { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'api'] }] }],
    ['app notin (web)', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }],
    [
      'app,!tier',
      {
        matchExpressions: [
          { key: 'app', operator: 'Exists' },
          { key: 'tier', operator: 'DoesNotExist' },
        ],
      },
    ],
  ])('%s', (text, selector) => {
    expect(parseSelector(text)).toEqual(selector);
  });

  it.each(['', 'a=b,a=c', 'a>1', 'a=b=c', 'in (a)'])('refuses %j', (text) => {
    expect(() => parseSelector(text)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

const key = fc.constantFrom('app', 'tier');
const value = fc.constantFrom('a', 'b', 'c');
const expression = fc.oneof(
  fc.record({ key, operator: fc.constantFrom('In', 'NotIn'), values: fc.uniqueArray(value, { minLength: 1 }) }),
  fc.record({ key, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
);

describe('labels for a selector', () => {
  it('are selected by it, where any can be', () => {
    fc.assert(
      fc.property(
        fc.dictionary(key, value),
        fc.array(expression, { maxLength: 4 }),
        (matchLabels, matchExpressions) => {
          const selector = { matchLabels, matchExpressions };
          const labels = sampleLabels(selector);
          if (labels !== undefined) expect(matchesSelector(selector, labels)).toBe(true);
          const values = [undefined, 'a', 'b', 'c', 'any'];
          const some = values.some((app) =>
            values.some((tier) => matchesSelector(selector, { ...(app && { app }), ...(tier && { tier }) })),
          );
          expect(labels !== undefined).toBe(some);
        },
      ),
    );
  });

  it('mean the same as the words that they came from', () => {
    const words = 'app=web,tier in (a,b),!gone';
    expect(formatSelector(parseSelector(words))).toBe('app=web,tier in (a,b),!gone');
  });
});

// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonPatch } from '../../../../src/agents/webhook/json-patch.js';
import { applyPatch } from './apply-patch.js';

describe('jsonPatch', () => {
  it('names only what differs', () => {
    const before = { spec: { containers: [{ name: 'main' }], nodeName: 'a' }, kept: { deep: [1, 2] } };
    const after = { spec: { containers: [{ name: 'main' }, { name: 'more' }], volumes: [] }, kept: { deep: [1, 2] } };
    expect(jsonPatch(before, after)).toEqual([
      { op: 'remove', path: '/spec/nodeName' },
      { op: 'add', path: '/spec/containers/-', value: { name: 'more' } },
      { op: 'add', path: '/spec/volumes', value: [] },
    ]);
    expect(jsonPatch(after, after)).toEqual([]);
  });

  it('escapes keys: ~ before /', () => {
    expect(jsonPatch({ a: {} }, { a: { 'example.com/~1': 'x' } })).toEqual([
      { op: 'add', path: '/a/example.com~1~01', value: 'x' },
    ]);
  });

  it('replaces lists that did not just grow, and values of another kind', () => {
    expect(jsonPatch({ a: [1, 2] }, { a: [2] })).toEqual([{ op: 'replace', path: '/a', value: [2] }]);
    expect(jsonPatch({ a: [1] }, { a: [2, 1] })).toEqual([{ op: 'replace', path: '/a', value: [2, 1] }]);
    expect(jsonPatch({ a: null }, { a: {} })).toEqual([{ op: 'replace', path: '/a', value: {} }]);
    expect(jsonPatch({ a: [] }, { a: {} })).toEqual([{ op: 'replace', path: '/a', value: {} }]);
    expect(jsonPatch(1, 2)).toEqual([{ op: 'replace', path: '', value: 2 }]);
    expect(jsonPatch([], [1, 2])).toEqual([
      { op: 'add', path: '/-', value: 1 },
      { op: 'add', path: '/-', value: 2 },
    ]);
  });

  it('makes any value of any other', () => {
    const key = fc.oneof(fc.constantFrom('a', 'b', 'a/b', '~', '~1', '', '-', '0'), fc.string());
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom(null, 0, 1, true, 'x'),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(value, value, (before, after) => {
        expect(applyPatch(before, jsonPatch(before, after))).toEqual(after);
      }),
      { numRuns: 1000 },
    );
  });
});

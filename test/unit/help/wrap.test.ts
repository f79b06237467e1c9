// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { twoColumns, wrap } from '../../../src/help/wrap.js';

describe('wrapping', () => {
  it('fills lines up to the width', () => {
    expect(wrap('one two  three\nfour', 8)).toEqual(['one two', 'three', 'four']);
    expect(wrap('', 8)).toEqual([]);
  });

  it('keeps every word, and no line is too long that has two', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 100 }), (text, width) => {
        const lines = wrap(text, width);
        expect(lines.join(' ').split(/\s+/)).toEqual(text.trim().split(/\s+/));
        for (const line of lines) if (line.includes(' ')) expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('two columns', () => {
  it('begin at one place, and below what is too long on the left', () => {
    const rows: [string, string][] = [
      ['a', 'one two three'],
      ['longer', 'four'],
      ['b', ''],
    ];
    expect(twoColumns(rows, { column: 3, width: 12 })).toEqual([
      'a    one two',
      '     three',
      'longer',
      '     four',
      'b',
    ]);
  });
});

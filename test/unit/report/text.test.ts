// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, formatMs, formatPercent } from '../../../src/report/figures.js';
import { plainText } from '../../../src/report/plain-text.js';
import { displayWidth, shortenMiddle, wrapWords } from '../../../src/report/text-width.js';

const anyText = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));

describe('plainText', () => {
  it.each([
    ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
    ['a title', '\u001b]0;owned\u0007name', 'name'],
    ['a link', '\u001b]8;;http://evil\u001b\\name\u001b]8;;\u001b\\', 'name'],
    ['an unfinished string', '\u001b]0;name', '0;name'],
    ['8-bit sequences', '\u009b2Jname\u009d0;x\u009c', 'name'],
    ['a device control string', 'a\u001bPq#0\u001b\\b', 'ab'],
    ['line breaks', 'one\r\n\ttwo', 'one two'],
    ['bidirectional overrides and invisible characters', 'a\u202eb\u200bc', 'abc'],
    ['a reset', '\u001bcname', 'name'],
  ])('takes %s out', (_, text, plain) => {
    expect(plainText(text)).toBe(plain);
  });

  it('keeps letters of any language', () => {
    expect(plainText('Zürich 東京 ✓ 👍')).toBe('Zürich 東京 ✓ 👍');
  });

  it('leaves no control character in anything, and nothing to do a second time', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const plain = plainText(text);
        expect(plain).not.toMatch(/\p{Cc}|\p{Cs}/u);
        expect(plainText(plain)).toBe(plain);
      }),
    );
  });
});

describe('shortenMiddle', () => {
  it('keeps both ends', () => {
    expect(shortenMiddle('api-6d5f9c7b4-x2kqp', 13)).toBe('api-6d…-x2kqp');
    expect(shortenMiddle('api', 3)).toBe('api');
    expect(shortenMiddle('api-0', 1)).toBe('…');
    expect(shortenMiddle('api-0', 0)).toBe('');
  });

  it('never exceeds the width', () => {
    fc.assert(
      fc.property(anyText.map(plainText), fc.nat({ max: 40 }), (text, width) => {
        expect(displayWidth(shortenMiddle(text, width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('wrapWords', () => {
  it('breaks between words, and inside one only if it must', () => {
    expect(wrapWords(['one', 'two', 'three'], 7)).toEqual(['one two', '  three']);
    expect(wrapWords(['a', '1234567890'], 6)).toEqual(['a', '  1234', '  5678', '  90']);
    expect(wrapWords([], 10)).toEqual([]);
  });

  it('never exceeds the width and loses nothing', () => {
    fc.assert(
      fc.property(anyText.map(plainText), fc.integer({ min: 6, max: 100 }), (text, width) => {
        const lines = wrapWords(text.split(' '), width);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      }),
    );
  });
});

describe('figures', () => {
  it('have about three significant digits', () => {
    expect([0, 0.004, 0.045, 0.213, 1.5, 12.34, 1043.2].map(formatMs)).toEqual([
      '0',
      '0.004',
      '0.04',
      '0.21',
      '1.50',
      '12.3',
      '1043',
    ]);
    expect([400, 1234, 59_949, 59_950, 125_000].map(formatDuration)).toEqual([
      '0.4 s',
      '1.2 s',
      '59.9 s',
      '1m0s',
      '2m5s',
    ]);
  });

  it('never round loss away', () => {
    expect([0, 0.01, 3.21, 20, 33.3, 99.9, 100].map(formatPercent)).toEqual([
      '0%',
      '0.1%',
      '3.2%',
      '20%',
      '33%',
      '99%',
      '100%',
    ]);
  });
});

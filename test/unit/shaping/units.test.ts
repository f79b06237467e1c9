// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors/failure.js';
import {
  formatRate,
  formatTime,
  parsePercent,
  parseRateBitsPerSecond,
  parseTimeUs,
} from '../../../src/shaping/units.js';

function refusal(act: () => unknown): Failure {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
  }
  throw new Error('it was not refused');
}

describe('times', () => {
  it.each([
    ['100', 100_000],
    ['100ms', 100_000],
    ['1.5s', 1_500_000],
    ['250us', 250],
    ['0.25', 250],
    ['0', 0],
    ['2000ns', 2],
  ])('%s is %d µs', (text, us) => expect(parseTimeUs(text, '--delay')).toBe(us));

  it.each(['', 'ms', '-1ms', '1m', '1e3', '10ms20', '0x10', '1ns', '241s', '1,5s', '10 ms; id'])(
    '%j is refused',
    (text) => expect(refusal(() => parseTimeUs(text, '--delay'))).toMatchObject({ code: 'usage' }),
  );

  it('are read as they are written', () => {
    fc.assert(
      fc.property(fc.nat(240e6), (us) => {
        expect(parseTimeUs(formatTime(us), 'x')).toBe(us);
      }),
    );
  });
});

describe('rates', () => {
  it.each([
    ['10mbit', 10e6],
    ['512kbit', 512e3],
    ['1.5Gbit', 1.5e9],
    ['1Kibit', 1024],
    ['8bit', 8],
  ])('%s is %d bits per second', (text, bits) => expect(parseRateBitsPerSecond(text, '--rate')).toBe(bits));

  it.each([
    ['10mbps', 'say 10mbit for bits per second, or 80mbit for as many bytes, which is what tc takes "bps" for'],
    ['1kbps', 'say 1kbit for bits per second, or 8kbit for as many bytes, which is what tc takes "bps" for'],
    ['5MB/s', 'say 5mbit for bits per second, or 40mbit for as many bytes, which is what tc takes "bps" for'],
    ['100bps', 'say 100bit for bits per second, or 800bit for as many bytes, which is what tc takes "bps" for'],
    ['10', 'say 10mbit, 10kbit or 10bit'],
  ])('%s is refused as ambiguous', (text, hint) => {
    expect(refusal(() => parseRateBitsPerSecond(text, '--rate'))).toMatchObject({ code: 'usage', hint });
  });

  it.each(['', 'mbit', '10xbit', '-1mbit', '7bit', '0mbit', '33gbit', '1e6bit'])('%j is refused', (text) =>
    expect(refusal(() => parseRateBitsPerSecond(text, '--rate'))).toMatchObject({ code: 'usage' }),
  );

  it('are read as they are written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 32e9 }), (bits) => {
        expect(parseRateBitsPerSecond(formatRate(bits), 'x')).toBe(bits);
      }),
    );
  });
});

describe('percentages', () => {
  it.each([
    ['1', 1],
    ['0.5%', 0.5],
    ['100%', 100],
    ['0', 0],
  ])('%s', (text, percent) => expect(parsePercent(text, '--loss')).toBe(percent));

  it.each(['', '101', '100.1%', '-1', '1%%', 'all', '1e1', 'NaN', '0.00000001'])('%j is refused', (text) =>
    expect(refusal(() => parsePercent(text, '--loss'))).toMatchObject({ code: 'usage' }),
  );
});

// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Direction, Effects } from '../../../src/model/shaping.js';
import { compareEffect } from '../../../src/shaping/effect-comparison.js';
import type { RawMeasurement } from '../../../src/shaping/effect-measurement.js';
import { explainRoundTrips, unmeasuredEffects } from '../../../src/shaping/effect-text.js';

const candidate = { label: 'shop/api-0', family: 4 as const, address: '198.18.0.7' };

function raw(timesMs: number[], more: Partial<RawMeasurement> & { sent?: number } = {}): RawMeasurement {
  const { sent = timesMs.length, ...rest } = more;
  return { candidate, probe: 'echo', trips: { sent, timesMs, message: '' }, ...rest };
}

const around = (ms: number, count = 20) => Array.from({ length: count }, (_, index) => ms + (index % 5) / 100);
const quiet = raw(around(0.2));

const delay: Effects = { delay: { us: 100_000 } };
const loss = (percent: number): Effects => ({ loss: { model: 'random', percent } });
const rate: Effects = { rateBitsPerSecond: 1e7 };

describe('compareEffect', () => {
  it.each<[string, Effects, Direction, RawMeasurement, boolean]>([
    ['as asked', delay, 'egress', raw(around(100.3)), true],
    ['a little more', delay, 'egress', raw(around(104.1)), true],
    ['too much', delay, 'egress', raw(around(104.5)), false],
    ['too little', delay, 'egress', raw(around(96)), false],
    ['on one way instead of both', delay, 'both', raw(around(100.3)), false],
    ['both ways', delay, 'both', raw(around(200.4)), true],
    ['no answer', delay, 'egress', raw([], { sent: 20 }), false],
    ['longer on a busy machine, which shows', delay, 'egress', raw([...around(101, 8), ...around(130, 12)]), true],
    ['not shorter on one', delay, 'egress', raw([...around(70, 12), ...around(120, 8)]), false],
    ['jitter', { delay: { us: 100_000, jitterUs: 20_000 } }, 'egress', raw(around(110)), true],
    ['more than jitter', { delay: { us: 100_000, jitterUs: 10_000 } }, 'egress', raw(around(120)), false],
  ])('times: %s', (_, effects, direction, during, agrees) => {
    const [found] = compareEffect(quiet, during, { effects, direction });
    expect(found).toMatchObject({ what: 'rttMs', destination: 'shop/api-0', before: 0.22, agrees });
  });

  it.each<[string, Effects, Direction, number, boolean]>([
    ['as asked', loss(20), 'egress', 20, true],
    ['by chance fewer', loss(20), 'egress', 6, true],
    ['too few', loss(20), 'egress', 5, false],
    ['too many', loss(20), 'egress', 38, false],
    ['by chance none', loss(5), 'egress', 0, true],
    ['none', loss(10), 'egress', 0, false],
    ['both ways', loss(20), 'both', 50, true],
    ['bursts, of which chance makes more', { loss: { model: 'gemodel', p: 5, r: 20 } }, 'egress', 45, true],
    ['a partition', { partition: true }, 'egress', 100, true],
    ['a hole in it', { partition: true }, 'egress', 99, false],
    ['corruption', { corrupt: { percent: 20 } }, 'egress', 17, true],
  ])('losses of 100: %s', (_, effects, direction, lost, agrees) => {
    const [found, ...others] = compareEffect(quiet, raw(around(0.2, 100 - lost), { sent: 100 }), {
      effects,
      direction,
    });
    expect(found).toMatchObject({ what: 'lossPercent', before: 0, during: lost, agrees });
    expect(others).toEqual([]);
  });

  it.each<[number | undefined, number | undefined, object[]]>([
    [9e7, 9.8e6, [{ before: 9e7, during: 9.8e6, expected: 1e7, agrees: true }]],
    [9e7, 8.8e6, [{ agrees: false }]],
    [9e7, 9e7, [{ agrees: false }]],
    // The path itself is no faster, or could not be measured.
    [1.1e7, 9.8e6, []],
    [undefined, 9.8e6, []],
    [9e7, undefined, []],
  ])('rates: %s, then %s', (was, is, expected) => {
    const of = (value?: number) => raw(around(0.2), value === undefined ? {} : { rateBitsPerSecond: value });
    expect(compareEffect(of(was), of(is), { effects: rate, direction: 'egress' })).toMatchObject(expected);
  });

  it('takes what was under another shape of ours for that or for nothing', () => {
    const before = raw(around(50.2));
    for (const [ms, agrees] of [
      [100.2, true],
      [150.2, true],
      [95, false],
      [160, false],
    ] as const) {
      const [found] = compareEffect(before, raw(around(ms)), { effects: delay, direction: 'egress', replaces: true });
      expect(found?.agrees, String(ms)).toBe(agrees);
    }
    const at = (value: number) => raw(around(0.2), { rateBitsPerSecond: value });
    const replacing = { effects: rate, direction: 'egress' as const, replaces: true };
    expect(compareEffect(at(1e6), at(1e7), replacing)).toMatchObject([{ before: 1e6, agrees: true }]);
    expect(compareEffect(at(1e6), at(5e7), replacing)).toMatchObject([{ agrees: false }]);
    expect(compareEffect(at(1e6), at(5e6), replacing)).toEqual([]);
  });

  it('has nothing where nothing was measured', () => {
    const asked = { effects: delay, direction: 'egress' as const };
    expect(compareEffect({ probe: 'echo', unmeasured: 'silent' }, quiet, asked)).toEqual([]);
    expect(compareEffect(quiet, { probe: 'echo', unmeasured: 'silent' }, asked)).toEqual([]);
  });
});

describe('for people', () => {
  const asked = (effects: Effects, direction: Direction = 'egress') => ({ effects, direction });
  it('says what a request pays', () => {
    expect(explainRoundTrips(asked({ delay: { us: 200_000 } }, 'both'))).toBe(
      'a round trip takes 400 ms more, because packets are delayed both ways; a request on a new TCP connection is two of ' +
        'them (handshake, answer), so 800 ms more, with TLS 1.3 three, with a lookup of the name at least one more',
    );
    expect(explainRoundTrips(asked(rate))).toBeUndefined();
  });

  it('says what was not measured, and why', () => {
    const effects: Effects = { ...delay, ...loss(5), ...rate, duplicate: { percent: 1 } };
    const byConnects: RawMeasurement = { ...quiet, probe: 'connect' };
    expect(unmeasuredEffects(byConnects, [], effects)).toEqual([
      'delay not measured',
      'loss not measured: only TCP is shaped, and its own retransmission hides it',
      'rate not measured: echoes, which measure it, are not shaped',
      'duplicates not measured',
    ]);
    expect(unmeasuredEffects({ ...quiet, rateBitsPerSecond: 1.1e7 }, [], rate)).toEqual([
      'rate not measured: without the shape, echoes pass at 11 mbit and no more',
    ]);
    const measured = compareEffect(quiet, raw(around(100)), asked(delay));
    expect(unmeasuredEffects(quiet, measured, delay)).toEqual([]);
  });
});

// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trainCommand, trainFor, trainRate } from '../../../src/shaping/echo-train.js';

const destination = { index: 0, family: 4 as const, address: '198.18.0.7' };
const train = (rate: number, roundTripMs = 0) => trainFor(destination, { rate, roundTripMs, good: 0.95 });

describe('a train of echoes', () => {
  it('is words of ping behind a fixed script', () => {
    const { argv } = trainCommand(train(1e6));
    expect(argv.slice(0, 2)).toEqual(['sh', '-c']);
    expect(argv.slice(3).join(' ')).toBe(
      'netmachinery-train 19 1 4 97 2 1057 -4 -n -q -i 0 -l 16 -s 1252 -- 198.18.0.7',
    );
    const six = trainFor({ index: 0, family: 6, address: '2001:2::7' }, { rate: 1e6, roundTripMs: 0, good: 1 });
    expect(trainCommand(six).argv.slice(-7).join(' ')).toBe('0 -l 16 -s 1232 -- 2001:2::7');
  });

  it('is bounded whatever the rate and the delay are', () => {
    const rate = fc.integer({ min: 8, max: 2 ** 36 });
    fc.assert(
      fc.property(rate, fc.integer({ min: 0, max: 20_000 }), (asked, roundTripMs) => {
        const { packetBytes, count, warmUp } = train(asked, roundTripMs);
        expect(packetBytes).toBeGreaterThanOrEqual(106);
        expect(packetBytes).toBeLessThanOrEqual(1294);
        expect(count).toBeLessThanOrEqual(20_000);
        // As much as a token bucket lets pass at once.
        expect(warmUp * packetBytes).toBeGreaterThanOrEqual(16_384);
        const { limitMs } = trainCommand(train(asked, roundTripMs));
        expect(limitMs).toBeLessThanOrEqual(19_000 + 10 * roundTripMs);
      }),
    );
  });

  // iputils 20221126 through a tbf of 1 Mbit/s.
  const said = (transmitted: number, received: string, ms: number, least: string) => `
PING 198.18.0.7 (198.18.0.7) 1252(1280) bytes of data.

--- 198.18.0.7 ping statistics ---
${transmitted} packets transmitted, ${received} received, 1.73913% packet loss, time ${ms}ms
rtt min/avg/max/mdev = ${least}/30.172/46.323/3.879 ms, pipe 36, ipg/ewma 10.239/31.041 ms
`;

  it('has the rate of its answers behind the first one', () => {
    expect(trainRate(said(115, '113', 1167, '4.822'), train(1e6))).toBeCloseTo((112 * 1294 * 8000) / 1162.178, 3);
    // Duplicates take their time as well.
    expect(trainRate(said(97, '97, +16 duplicates', 1167, '4.822'), train(1e6))).toBeUndefined();
    expect(trainRate(said(97, '97', 1167, '4.822').replace('received,', 'received, +16 duplicates,'), train(1e6))).toBe(
      trainRate(said(115, '113', 1167, '4.822'), train(1e6)),
    );
  });

  it('counts by the best of several', () => {
    const [slow, good] = [said(97, '97', 3000, '5.0'), said(97, '97', 1000, '5.0')];
    expect(trainRate(slow + good + slow, train(1e6))).toBe(trainRate(good, train(1e6)));
  });

  it('says nothing by too few answers, or without ping', () => {
    expect(trainRate(said(115, '7', 1167, '4.822'), train(1e6))).toBeUndefined();
    expect(trainRate('@missing\n', train(1e6))).toBeUndefined();
    fc.assert(fc.property(fc.string(), (noise) => trainRate(noise, train(1e6)) === undefined));
  });
});

// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Direction, Effects } from '../../../src/model/shaping.js';
import { expectedLoss } from '../../../src/shaping/expected-loss.js';

const random = (percent: number, correlationPercent?: number): Effects => ({
  loss: { model: 'random', percent, ...(correlationPercent === undefined ? {} : { correlationPercent }) },
});

describe('expectedLoss', () => {
  it.each<[string, Effects, Direction, number[]]>([
    ['none', {}, 'both', [0, 0, 0]],
    ['one way', random(10), 'ingress', [0.1, 0.1, 0.1]],
    ['both ways', random(10), 'both', [0.19, 0.19, 0.19]],
    ['all', random(100), 'egress', [1, 1, 1]],
    ['a partition', { partition: true }, 'both', [1, 1, 1]],
    ['correlated, which makes few fewer', random(20, 50), 'egress', [0.2, 0, 0.2]],
    ['and many more', random(80, 50), 'egress', [0.8, 0.8, 1]],
    ['duplicates, which make up for losses', { ...random(20), duplicate: { percent: 100 } }, 'egress', [0.2, 0, 0.2]],
    ['corruption', { corrupt: { percent: 10 } }, 'egress', [0.1, 0.0857, 0.1]],
    ['corruption in runs', { corrupt: { percent: 10, correlationPercent: 10 } }, 'egress', [0.1, 0, 0.1]],
    ['bursts', { loss: { model: 'gemodel', p: 10, r: 40 } }, 'egress', [0.2, 0.2, 0.2]],
  ])('%s', (_, effects, direction, [typical = 0, least = 0, most = 0]) => {
    const expected = expectedLoss(effects, direction);
    expect(expected.typical).toBeCloseTo(typical, 4);
    expect(expected.least).toBeCloseTo(least, 4);
    expect(expected.most).toBeCloseTo(most, 4);
  });
});

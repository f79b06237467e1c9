// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { judgeSkews } from '../../../../src/check/once/clock-skew.js';

const skews = (...values: number[]) => new Map(values.map((value, index) => [`agent-${index}`, value]));

describe('whose clock is wrong', () => {
  it('is a node that differs from others and from us', () => {
    const { byAgent, warning } = judgeSkews(skews(-100, -50, 60_000), 3);
    expect([...byAgent.values()]).toEqual([-100, -50, 60_000]);
    expect(warning).toBeUndefined();
  });

  it('is ours where all nodes agree with one another', () => {
    const { byAgent, warning } = judgeSkews(skews(30_000, 30_100, 30_050), 3);
    expect([...byAgent.values()]).toEqual([-50, 50, 0]);
    expect(warning).toBe('the clock of this computer is 30.1 s behind those of all nodes');
  });

  it('is not known of one node alone, which is told as it was seen', () => {
    expect(judgeSkews(skews(30_000, 30_000), 1)).toEqual({ byAgent: skews(30_000, 30_000), warning: undefined });
  });
});

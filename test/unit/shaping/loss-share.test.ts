// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import type { Loss } from '../../../src/model/shaping.js';
import { lossShare } from '../../../src/shaping/loss-share.js';

test.each<[Loss | undefined, number]>([
  [undefined, 0],
  [{ model: 'random', percent: 5 }, 0.05],
  [{ model: 'gemodel', p: 10, r: 40 }, 0.2],
  [{ model: 'gemodel', p: 10, r: 40, oneMinusH: 50, oneMinusK: 10 }, 0.18],
  [{ model: 'gemodel', p: 100 }, 1],
  [{ model: 'gemodel', p: 0, oneMinusK: 3 }, 0.03],
  [{ model: 'state', p13: 10 }, 0.1],
  [{ model: 'state', p13: 0, p14: 25 }, 0.2],
  [{ model: 'state', p13: 1, p31: 0 }, 1],
  [{ model: 'state', p13: 100, p31: 0, p32: 50, p23: 50 }, 0.5],
  [{ model: 'state', p13: 10, p31: 50, p32: 10, p23: 0 }, 0],
])('%j', (loss, share) => {
  expect(lossShare(loss === undefined ? {} : { loss })).toBeCloseTo(share, 10);
});

test('what is corrupted is lost too', () => {
  expect(lossShare({ corrupt: { percent: 50 }, loss: { model: 'random', percent: 50 } })).toBe(0.75);
  expect(lossShare({ partition: true })).toBe(1);
});

describe('the share is what the chain itself loses', () => {
  /** netem's loss_4state and loss_gilb_ell (net/sched/sch_netem.c), a million packets long. */
  function walk(step: (state: number, random: number) => { state: number; lost: boolean }): number {
    let seed = 1;
    let state = 1;
    let lost = 0;
    const packets = 1_000_000;
    for (let packet = 0; packet < packets; packet++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      const next = step(state, seed / 2 ** 32);
      state = next.state;
      if (next.lost) lost++;
    }
    return lost / packets;
  }

  test('of four states', () => {
    const loss = { model: 'state' as const, p13: 5, p31: 30, p32: 20, p23: 40, p14: 2 };
    const walked = walk((state, random) => {
      const to = (next: number) => ({ state: next, lost: next === 3 || next === 4 });
      if (state === 1) return to(random < 0.02 ? 4 : random < 0.07 ? 3 : 1);
      if (state === 2) return to(random < 0.4 ? 3 : 2);
      if (state === 3) return to(random < 0.3 ? 1 : random < 0.5 ? 2 : 3);
      return to(1);
    });
    expect(lossShare({ loss })).toBeCloseTo(walked, 2);
  });
});

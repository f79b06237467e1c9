// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Pod } from '../../../../src/kube/objects.js';
import { PodDraw } from '../../../../src/shaping/manifests/pod-draw.js';
import type { PodMode } from '../../../../src/shaping/manifests/shape-target.js';
import { refusal } from '../../targets/refusal.js';

function pod(name: string, phase = 'Running'): Pod {
  return { metadata: { name, namespace: 'bank' }, spec: { containers: [] }, status: { phase } };
}

function draw(pods: readonly Pod[], mode: PodMode, maxPods = 10, random: () => number = Math.random): string[] {
  const drawing = new PodDraw('pods of bank', mode, maxPods, random);
  for (const one of pods) drawing.offer(one);
  return drawing.drawn().map(({ metadata }) => metadata.name);
}

const five = ['e', 'a', 'd', 'b', 'c'].map((name) => pod(name));

describe('how many', () => {
  test.each<[PodMode, number]>([
    [{ take: 'all' }, 5],
    [{ take: 'count', count: 2 }, 2],
    [{ take: 'count', count: 9 }, 5],
    [{ take: 'percent', percent: 50 }, 2],
    [{ take: 'percent', percent: 100 }, 5],
  ])('%j', (mode, count) => {
    expect(draw(five, mode)).toHaveLength(count);
  });

  test('up to a share', () => {
    let calls = 0;
    const random = (top: number) => () => (calls++ < five.length ? 0.5 : top);
    expect(draw(five, { take: 'upToPercent', percent: 100 }, 10, random(0.999))).toHaveLength(5);
    calls = 0;
    const nothing = refusal(() => draw(five, { take: 'upToPercent', percent: 100 }, 10, random(0)), 'notFound');
    expect(nothing.message).toContain('less than one pod');
  });

  test('a share that is less than a pod', () => {
    expect(refusal(() => draw(five, { take: 'percent', percent: 19 }), 'notFound').message).toContain('(5)');
  });

  test('more than may be', () => {
    expect(refusal(() => draw(five, { take: 'all' }, 4)).hint).toBe('use --max-pods 5');
    expect(draw(five, { take: 'count', count: 4 }, 4)).toHaveLength(4);
  });

  test('none of none', () => {
    expect(draw([], { take: 'percent', percent: 50 })).toEqual([]);
  });
});

test('running pods go first, all are all', () => {
  const mixed = [pod('p', 'Pending'), ...five, pod('q', 'Pending')];
  expect(draw(mixed, { take: 'count', count: 9 })).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(draw(mixed, { take: 'all' })).toEqual(['a', 'b', 'c', 'd', 'e', 'p', 'q']);
  expect(draw([pod('p', 'Pending')], { take: 'count', count: 1 })).toEqual(['p']);
});

test('every pod has its chance, however many there are', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 5 }), (count, wanted) => {
      const pods = Array.from({ length: count }, (_, index) => pod(`p${index}`));
      for (const index of [0, count - 1]) {
        // The one with the smallest key is always among those drawn.
        let offered = 0;
        const names = draw(pods, { take: 'count', count: wanted }, 5, () => (offered++ === index ? 0 : 0.5));
        expect(names).toContain(`p${index}`);
        expect(names).toHaveLength(Math.min(count, wanted));
      }
    }),
  );
});

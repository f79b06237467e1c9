// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMode, SourceChoice, type Rank, type SourceMode } from '../../../src/targets/source-choice.js';
import { refusal } from './refusal.js';

function choose(mode: SourceMode, candidates: [string, Rank][], maxPods = 10, random = () => 0.5): string[] {
  const choice = new SourceChoice<string>('deploy/web', mode, maxPods, random);
  for (const [name, rank] of candidates) choice.offer({ name, rank, value: name });
  return choice.chosen();
}

const some: [string, Rank][] = [
  ['d', 2],
  ['c', 0],
  ['a', 1],
  ['b', 0],
];

describe('choosing sources', () => {
  test('one is the first ready by name', () => {
    expect(choose('one', some)).toEqual(['b']);
    expect(
      choose('one', [
        ['z', 1],
        ['y', 2],
      ]),
    ).toEqual(['z']);
    expect(choose('one', [['y', 2]])).toEqual(['y']);
    expect(choose('one', [])).toEqual([]);
  });

  test('all has ready ones first and those that do not run last', () => {
    expect(choose('all', some)).toEqual(['b', 'c', 'a', 'd']);
  });

  test('numbers and shares are of those that run', () => {
    expect(choose(2, some)).toEqual(['b', 'c']);
    expect(choose('34%', some)).toEqual(['b', 'c']);
    expect(choose('100%', some)).toEqual(['b', 'c', 'a']);
    expect(choose('1%', some)).toEqual(['b']);
    expect(refusal(() => choose(4, some)).message).toBe('--mode 4 asks for 4 pods, and deploy/web has 3');
  });

  test('more than --max-pods are refused with the numbers and the flag', () => {
    const many = Array.from({ length: 30 }, (_, index): [string, Rank] => [`p${index}`, 0]);
    const failure = refusal(() => choose('all', many));
    expect(failure.message).toBe('deploy/web means 30 pods, more than --max-pods 10');
    expect(failure.hint).toContain('--max-pods 30');
    expect(refusal(() => choose('50%', many)).message).toBe('deploy/web means 15 pods of 30, more than --max-pods 10');
    expect(refusal(() => choose(11, many)).message).toContain('11 pods of 30');
    expect(choose('all', many, 30)).toHaveLength(30);
  });

  test('random takes every pod that runs equally often and no other', () => {
    const drawn = new Map<string, number>();
    for (let step = 0; step < 3000; step++) {
      const [name = ''] = choose('random', some, 10, Math.random);
      drawn.set(name, (drawn.get(name) ?? 0) + 1);
    }
    expect([...drawn.keys()].sort()).toEqual(['a', 'b', 'c']);
    for (const count of drawn.values()) expect(count).toBeGreaterThan(800);
  });

  test('the order in which candidates come does not matter', () => {
    const candidate = fc.record({
      name: fc.string({ minLength: 1 }),
      rank: fc.constantFrom<Rank>(0, 1, 2),
      place: fc.nat(),
    });
    const candidates = fc.uniqueArray(candidate, { selector: ({ name }) => name, minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(candidates, fc.constantFrom<SourceMode>('one', 'all', '50%'), (list, mode) => {
        const shuffled = list.toSorted((a, b) => a.place - b.place);
        const [asGiven, otherwise] = [list, shuffled].map((order) =>
          choose(
            mode,
            order.map(({ name, rank }) => [name, rank]),
          ),
        );
        expect(otherwise).toEqual(asGiven);
      }),
    );
  });
});

describe('--mode', () => {
  test('its words', () => {
    expect(['one', 'all', 'random', '3', '30%'].map(parseMode)).toEqual(['one', 'all', 'random', 3, '30%']);
  });

  test.each(['', '0', '0%', '101%', '-1', '1.5', 'some', '3 %'])('%j is refused', (text) => {
    refusal(() => parseMode(text));
  });
});

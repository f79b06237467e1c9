// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import type { MeasureAgain } from '../../../src/runs/confirm-controls.js';
import type { MeasuredTest } from '../../../src/runs/plan.js';
import { siblingsOf } from '../../../src/runs/siblings.js';
import { allTests, destination, measurement, source } from './planned-tests.js';

const measured = (name: string): MeasuredTest[] =>
  allTests([source('web')], [destination(name)]).map((test) => ({ test, measurement: measurement('Connected') }));
const names = (tests: readonly MeasuredTest[]) => tests.map(({ test }) => test.destination.name);
const nothing: MeasureAgain = () => Promise.resolve(new Map());

it('each gets what all others have measured, when all have', async () => {
  const [one, two, three] = siblingsOf([nothing, nothing, nothing], new AbortController().signal);
  one?.tell(measured('a'));
  const waiting = one?.elsewhere([]);
  two?.tell(measured('b'));
  three?.tell([]);
  // Only the first word counts.
  two?.tell(measured('c'));
  expect(names((await waiting) ?? [])).toEqual(['b']);
  expect(names((await two?.elsewhere([])) ?? [])).toEqual(['a']);
});

it('what is measured again is measured by the part that it is of', async () => {
  const asked: string[] = [];
  const part =
    (label: string): MeasureAgain =>
    (tests) => {
      asked.push(`${label}: ${names(tests).join()}`);
      return Promise.resolve(new Map(tests.map((each) => [each, measurement('TimedOut')])));
    };
  const [one, two] = siblingsOf([part('one'), part('two')], new AbortController().signal);
  two?.tell(measured('b'));
  one?.tell([]);
  const others = (await one?.elsewhere([])) ?? [];
  const own = measured('a');
  const again = await one?.again([...others, ...own]);
  expect(asked).toEqual(['two: b', 'one: a']);
  expect([...others, ...own].map((each) => again?.get(each)?.reason)).toEqual(['TimedOut', 'TimedOut']);
});

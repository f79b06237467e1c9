// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { expandPlan } from '../../../src/runs/expand-plan.js';
import type { PreparedRun } from '../../../src/runs/prepare-run.js';
import { allTests, destination, source } from './planned-tests.js';

const tests = allTests([source('a')], [destination('x'), destination('y')]);
const prepared = { plan: { tests, notes: ['planned'] } } as unknown as PreparedRun;

describe('the tests that a verb makes of a plan', () => {
  it('take its place, numbered anew', async () => {
    const twice = tests.flatMap((test) => [test, { ...test, index: 99 }]);
    const { plan } = await expandPlan(prepared, {
      expand: () => Promise.resolve({ tests: twice, notes: ['expanded'] }),
    });
    expect(plan.tests.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(plan.tests.map((test) => test.destination.name)).toEqual(['x', 'x', 'y', 'y']);
    expect(plan.notes).toEqual(['planned', 'expanded']);
  });

  it('are those of the plan where a verb makes none', async () => {
    expect(await expandPlan(prepared, {})).toBe(prepared);
  });

  it('are never none', async () => {
    const nothing = expandPlan(prepared, { expand: () => Promise.resolve({ tests: [], notes: ['no server'] }) });
    await expect(nothing).rejects.toThrow('there is nothing to test: planned: no server');
  });
});

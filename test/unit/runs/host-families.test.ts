// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { settleHostFamilies } from '../../../src/runs/host-families.js';
import { planTests, type Test } from '../../../src/runs/plan.js';
import { host, measured, source } from './planned-tests.js';

const names = [host('example.test', 4), host('example.test', 6)];
const never = (): Promise<never> => Promise.reject(new Error('nothing was to be measured'));

describe('a host name', () => {
  const free = planTests([source('a')], names, { chooseFamily: true }).tests;
  const asked = planTests([source('a')], names, { chooseFamily: false }).tests;

  it('is measured once where it has the first family', async () => {
    const settled = await settleHostFamilies(free, measured(free, 'Connected'), never);
    expect(settled.tests).toEqual(free);
    expect(settled.measured.get(0)?.reason).toBe('Connected');
  });

  it('is tried in the other family where the first one has no address and the choice was free', async () => {
    const retried: Test[] = [];
    const settled = await settleHostFamilies(free, measured(free, 'NameNotFound'), (tests) => {
      retried.push(...tests);
      return Promise.resolve(measured(tests, 'Refused'));
    });
    expect(retried.map(({ destination }) => destination.family)).toEqual([6]);
    expect(settled.tests.map(({ index, destination }) => [index, destination.family])).toEqual([[0, 6]]);
    expect(settled.measured.get(0)?.reason).toBe('Refused');
  });

  it('that has neither stays not found in the first', async () => {
    const settled = await settleHostFamilies(free, measured(free, 'NameNotFound'), (tests) =>
      Promise.resolve(measured(tests, 'NameNotFound')),
    );
    expect(settled.tests).toEqual(free);
    expect(settled.measured.get(0)?.reason).toBe('NameNotFound');
  });

  it('is left out of the family that it does not have, where both were asked for', async () => {
    const settled = await settleHostFamilies(asked, measured(asked, 'TimedOut', 'NameNotFound'), never);
    expect(settled.tests.map(({ destination }) => destination.family)).toEqual([4]);
  });

  it('that does not exist is not found in both, where both were asked for', async () => {
    const settled = await settleHostFamilies(asked, measured(asked, 'NameNotFound', 'NameNotFound'), never);
    expect(settled.tests).toEqual(asked);
  });
});

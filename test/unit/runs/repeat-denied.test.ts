// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { repeatDenied } from '../../../src/runs/repeat-denied.js';
import type { RunRequest } from '../../../src/runs/run-request.js';
import type { EntryChoice } from '../../../src/runs/tool.js';
import { allTests, destination, measured, source } from './planned-tests.js';

const tests = allTests([source('a')], [destination('db'), destination('web')]);
const first = measured(tests, 'TimedOut', 'Connected');

function asked(
  entry: EntryChoice,
  signal = new AbortController().signal,
): Pick<RunRequest, 'expect' | 'tool' | 'signal'> {
  const tool = { image: 'toolbox', imagePullPolicy: 'Never' as const, startTimeoutMs: 1000, entry };
  return { expect: 'deny', tool, signal };
}
const probePod: EntryChoice = { by: 'probePod', lifeSeconds: 60 };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a denied test of a probe pod', () => {
  it('is measured again after some seconds where it was not reached, and that counts', async () => {
    const again = vi.fn((repeated: typeof tests) => Promise.resolve(measured(repeated, 'Connected')));
    const result = repeatDenied(tests, first, asked(probePod), again as never);
    await vi.advanceTimersByTimeAsync(4000);
    expect(again).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2000);
    expect([...(await result).values()].map(({ reason }) => reason)).toEqual(['Connected', 'Connected']);
    expect(again.mock.calls).toEqual([[[tests[0]]]]);
  });

  it('says nothing where the run ends before that', async () => {
    const controller = new AbortController();
    const again = vi.fn();
    const result = repeatDenied(tests, first, asked(probePod, controller.signal), again);
    controller.abort();
    expect([...(await result).values()].map(({ reason }) => reason)).toEqual(['Interrupted', 'Connected']);
    expect(again).not.toHaveBeenCalled();
  });

  it('is measured once where the pod itself sends', async () => {
    const again = vi.fn();
    expect(await repeatDenied(tests, first, asked({ by: 'toolContainer' }), again)).toEqual(first);
    const allowed = { ...asked(probePod), expect: 'allow' as const };
    expect(await repeatDenied(tests, first, allowed, again)).toEqual(first);
    expect(again).not.toHaveBeenCalled();
  });
});

// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confirmControls } from '../../../src/runs/confirm-controls.js';
import { chooseControls, controlTests } from '../../../src/runs/controls.js';
import { pairMeasured } from '../../../src/runs/measure-controls.js';
import type { Measurement } from '../../../src/runs/measurement.js';
import type { MeasuredTest, Test } from '../../../src/runs/plan.js';
import { needsControl, reached } from '../../../src/runs/verdict.js';
import { allTests, destination, measured, measurement, source } from './planned-tests.js';

const [blocked, open, closed] = ['blocked', 'open', 'closed'].map((name) => source(name));
if (blocked === undefined || open === undefined || closed === undefined) throw new Error('three sources');

/** The controls of the tests that need one; afterwards everything is as it was. */
function controlsOf(
  tests: readonly Test[],
  results: ReadonlyMap<number, Measurement>,
  others: readonly MeasuredTest[],
) {
  const denied = pairMeasured(tests, results).filter(({ measurement: { reason } }) => needsControl(reason));
  const again = (each: readonly MeasuredTest[]) => Promise.resolve(new Map(each.map((one) => [one, one.measurement])));
  return confirmControls(chooseControls(denied, others), again);
}

describe('the control of a test', () => {
  const tests = allTests([blocked, closed, open], [destination('db')]);
  const elsewhere = (...reasons: Parameters<typeof measurement>[0][]) =>
    tests.map((test, place) => ({ test, measurement: measurement(reasons[place] ?? 'ToolFailed') }));

  it('is another source that reached the same, rather than one that did not', async () => {
    const reasons = ['TimedOut', 'TimedOut', 'Connected'] as const;
    expect(await controlsOf(tests, measured(tests, ...reasons), elsewhere(...reasons))).toEqual(
      new Map([
        [0, { source: 'targets/open', reached: true }],
        [1, { source: 'targets/open', reached: true }],
      ]),
    );
  });

  it('is one that did not reach it either, where there is no better', async () => {
    const reasons = ['TimedOut', 'Refused', 'TimedOut'] as const;
    expect((await controlsOf(tests, measured(tests, ...reasons), elsewhere(...reasons))).get(0)).toEqual({
      source: 'targets/closed',
      reached: false,
    });
  });

  it('counts where only some attempts arrived', async () => {
    const reasons = ['TimedOut', 'TimedOut', 'SomeAttemptsFailed'] as const;
    expect((await controlsOf(tests, measured(tests, ...reasons), elsewhere(...reasons))).get(0)?.reached).toBe(true);
  });

  it.each([
    ['port', { port: 81 }],
    ['protocol', { protocol: 'udp' as const }],
    ['address', { address: '198.19.1.10' }],
  ])('is never one of another %s', async (_what, other) => {
    const own = allTests([blocked], [destination('db')]);
    const others = allTests([open], [destination('db', other)]);
    const found = others.map((test) => ({ test, measurement: measurement('Connected') }));
    expect(await controlsOf(own, measured(own, 'TimedOut'), found)).toEqual(new Map());
  });

  it('is never the source itself, and only there where nothing was reached and something was sent', async () => {
    const reason = fc.constantFrom('Connected', 'TimedOut', 'Refused', 'NoEndpoints', 'ToolMissing', 'Silent');
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(names, fc.array(reason, { minLength: 4, maxLength: 4 }), async (sources, reasons) => {
        const own = allTests(
          sources.map((name) => source(name)),
          [destination('db')],
        );
        const results = measured(own, ...(reasons as Parameters<typeof measurement>[0][]));
        const pairs = own.map((test) => ({ test, measurement: results.get(test.index) ?? measurement('ToolFailed') }));
        const controls = await controlsOf(own, results, pairs);
        const anyReached = pairs.some((pair) => reached(pair.measurement.reason));
        for (const { test, measurement: result } of pairs) {
          const control = controls.get(test.index);
          expect(control !== undefined).toBe(needsControl(result.reason) && own.length > 1);
          expect(control?.source).not.toBe(`targets/${test.source.name}`);
          if (control !== undefined) expect(control.reached).toBe(anyReached);
        }
      }),
    );
  });
});

describe('a control after the tests', () => {
  const [denied, other, third] = pairMeasured(
    allTests([blocked, open, closed], [destination('db')]),
    new Map([
      [0, measurement('TimedOut')],
      [1, measurement('Connected')],
      [2, measurement('TimedOut')],
    ]),
  );
  if (denied === undefined || other === undefined || third === undefined) throw new Error('three tests');

  it.each([
    ['reached it before and after', 'Connected', { reached: true }],
    ['had reached it, and does not any more', 'TimedOut', { reached: false, reachedBefore: true }],
    ['had reached it, and cannot be asked any more', undefined, { reached: false, reachedBefore: true }],
  ] as const)('%s', async (_what, reason, expected) => {
    const again = (each: readonly MeasuredTest[]) =>
      Promise.resolve(new Map(reason === undefined ? [] : each.map((one) => [one, measurement(reason)])));
    const controls = await confirmControls(new Map([[0, other]]), again);
    expect(controls.get(0)).toEqual({ source: 'targets/open', ...expected });
  });

  it('is measured once, whoever needs it, and only where it was reached', async () => {
    const asked: MeasuredTest[] = [];
    const again = (each: readonly MeasuredTest[]) => {
      asked.push(...each);
      return Promise.resolve(new Map(each.map((one) => [one, one.measurement])));
    };
    const chosen = new Map([
      [0, other],
      [2, other],
      [3, third],
    ]);
    await confirmControls(chosen, again);
    expect(asked).toEqual([other]);
  });
});

describe('the tests of control sources', () => {
  it('are one for each destination, however many sources are denied', () => {
    const tests = allTests([blocked, closed], [destination('db'), destination('web', { address: '198.19.1.10' })]);
    const denied = tests.filter(({ destination: { name } }) => name === 'db');
    const controls = controlTests(
      denied,
      tests,
      { from: 'source', spec: { kind: 'pod', text: 'open', name: 'open' } },
      [open],
    );
    expect(controls.map(({ index, source: { name }, destination: to }) => [index, name, to.name])).toEqual([
      [0, 'open', 'db'],
    ]);
  });

  it('leave out a family that the control source does not have', () => {
    const tests = allTests([blocked], [destination('db', { family: 6 })]);
    const choice = { from: 'source', spec: { kind: 'pod', text: 'open', name: 'open' } } as const;
    expect(controlTests(tests, tests, choice, [source('open', [4])])).toEqual([]);
    expect(controlTests(tests, tests, choice, [open])).toHaveLength(1);
  });

  it('come from the destination pod itself, and for a virtual address from a pod behind the Service', () => {
    const service = { ref: 'svc/db:80', namespace: 'targets' };
    const virtual = destination('db', { ...service, kind: 'service', role: 'virtual', address: '198.18.0.5' });
    delete virtual.pod;
    const endpoint = destination('open', {
      ...service,
      kind: 'endpoint',
      role: 'endpoint',
      pod: { namespace: 'targets', name: 'open' },
    });
    const tests = allTests([blocked], [virtual, endpoint]);
    const choice = { from: 'destination' } as const;
    const controls = controlTests(tests, tests, choice, [closed, open]);
    expect(controls.map(({ source: { name }, destination: to }) => `${name} ${to.address}`)).toEqual([
      'open 198.18.0.5',
      'open 198.19.1.9',
    ]);
  });

  it('are none for an address that no pod is known behind', () => {
    const literal = destination('x', { kind: 'ip', role: 'literal' });
    delete literal.pod;
    const tests = allTests([blocked], [literal]);
    expect(controlTests(tests, tests, { from: 'destination' }, [open])).toEqual([]);
  });
});

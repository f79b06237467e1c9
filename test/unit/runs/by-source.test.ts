// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import pLimit from 'p-limit';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors/failure.js';
import { measureBySource, testsBySource } from '../../../src/runs/by-source.js';
import { allTests, destination, measured, source } from './planned-tests.js';

const destinations = [destination('db'), destination('web')];
const tests = allTests([source('a'), source('b'), source('c')], destinations);

describe('tests by source', () => {
  it('are all the tests, each with its own source, in the order of the plan', () => {
    const names = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
    fc.assert(
      fc.property(names, (sources) => {
        const planned = sources.map((name, index) => ({ index, source: source(name), destination: destination('db') }));
        const groups = testsBySource(planned);
        expect(groups.map((group) => group.source.name)).toEqual([...new Set(sources)]);
        for (const group of groups) {
          const own = planned.filter((test) => test.source.name === group.source.name);
          expect(group.tests.map(({ index }) => index)).toEqual(own.map(({ index }) => index));
        }
      }),
    );
  });
});

describe('measuring by source', () => {
  it('makes what fails at one source the result of its tests, and leaves the others alone', async () => {
    const results = await measureBySource(tests, pLimit(3), ({ name }, own) =>
      name === 'b'
        ? Promise.reject(new Failure('forbidden', 'may not exec'))
        : Promise.resolve(measured(own, 'Connected', 'Refused')),
    );
    const reasons = tests.map(({ index }) => results.get(index)?.reason);
    expect(reasons).toEqual(['Connected', 'Refused', 'Forbidden', 'Forbidden', 'Connected', 'Refused']);
    expect(results.get(2)).toMatchObject({ message: 'may not exec', attempts: 0 });
  });

  it('does not turn a bug of ours into a result', async () => {
    const broken = measureBySource(tests, pLimit(3), () =>
      Promise.reject(new TypeError('undefined is not a function')),
    );
    await expect(broken).rejects.toMatchObject({ code: 'bug', message: 'undefined is not a function' });
  });

  it('throws a bug of ours only when no other source is at work any more', async () => {
    const done: string[] = [];
    const broken = measureBySource(tests, pLimit(3), async ({ name }, own) => {
      if (name === 'a') throw new TypeError('undefined is not a function');
      await new Promise((resolve) => setTimeout(resolve, 20));
      done.push(name);
      return measured(own, 'Connected', 'Connected');
    });
    await expect(broken).rejects.toMatchObject({ code: 'bug' });
    expect(done.sort()).toEqual(['b', 'c']);
  });

  it.each([1, 2, 8])('has at most %i sources at work', async (concurrency) => {
    let running = 0;
    let most = 0;
    await measureBySource(tests, pLimit(concurrency), async (_source, own) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return measured(own, 'Connected', 'Connected');
    });
    expect(most).toBe(Math.min(concurrency, 3));
  });
});

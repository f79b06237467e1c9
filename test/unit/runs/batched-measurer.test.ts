// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { batchedMeasurer } from '../../../src/runs/batched-measurer.js';
import type { Measurement } from '../../../src/runs/measurement.js';
import type { Test } from '../../../src/runs/plan.js';
import type { Measurer } from '../../../src/runs/run-request.js';
import type { Workplaces } from '../../../src/runs/workplaces.js';
import { allTests, destination, measurement, source } from './planned-tests.js';

/** A measurer that says which destination it measured, and keeps what it was asked for. */
function recording(asked: Test[][], measure?: () => Promise<Map<number, Measurement>>): Measurer {
  return {
    verb: 'connect',
    targetVerb: 'connect',
    protocols: ['tcp'],
    capabilities: [],
    probeOf: () => 'tcp',
    measure: (tests) => {
      asked.push([...tests]);
      const found = tests.map(({ index, destination: { name = '' } }): [number, Measurement] => [
        index,
        { ...measurement('Connected'), message: name },
      ]);
      return measure?.() ?? Promise.resolve(new Map(found));
    },
  };
}

/** Only told apart. */
const anyWorkplaces = (): Workplaces => Object.create(null) as Workplaces;
const places = anyWorkplaces();
const testsOf = (...names: string[]) =>
  allTests(
    [source('web')],
    names.map((name) => destination(name)),
  );
const messages = (measured: ReadonlyMap<number, Measurement>) =>
  [...measured].map(([index, { message }]) => `${index} ${message}`);

describe('what parts of a run ask for at the same time', () => {
  it('is measured at once, and each gets its own under its own numbers', async () => {
    const asked: Test[][] = [];
    const measurer = batchedMeasurer(recording(asked));
    const [one, other] = await Promise.all([
      measurer.measure(testsOf('a', 'b'), places),
      measurer.measure(testsOf('c', 'd'), places),
    ]);
    expect(messages(one)).toEqual(['0 a', '1 b']);
    expect(messages(other)).toEqual(['0 c', '1 d']);
    expect(asked.map((tests) => tests.map(({ index }) => index))).toEqual([[0, 1, 2, 3]]);
  });

  it('is measured apart where pods are entered in another way', async () => {
    const asked: Test[][] = [];
    const measurer = batchedMeasurer(recording(asked));
    await Promise.all([measurer.measure(testsOf('a'), places), measurer.measure(testsOf('b'), anyWorkplaces())]);
    expect(asked).toHaveLength(2);
  });

  it('fails for all of them', async () => {
    const measurer = batchedMeasurer(recording([], () => Promise.reject(new Error('gone'))));
    const both = [measurer.measure(testsOf('a'), places), measurer.measure(testsOf('b'), places)];
    const settled = await Promise.allSettled(both);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

it('what is asked for later is measured later', async () => {
  const asked: Test[][] = [];
  const measurer = batchedMeasurer(recording(asked));
  await measurer.measure(testsOf('a'), places);
  await measurer.measure(testsOf('b'), places);
  expect(asked).toHaveLength(2);
});

// SPDX-License-Identifier: Apache-2.0
import type { LimitFunction } from 'p-limit';
import { asFailure } from '../errors/failure.js';
import type { SourcePod } from '../targets/source-pod.js';
import { failedMeasurement, type Measurement } from './measurement.js';
import type { Test } from './plan.js';
import { settleAll } from './settle-all.js';

/** The tests of each source, in the order of the plan. */
export function testsBySource(tests: readonly Test[]): { source: SourcePod; tests: Test[] }[] {
  const groups = new Map<string, { source: SourcePod; tests: Test[] }>();
  for (const test of tests) {
    const key = `${test.source.namespace}/${test.source.name}`;
    const group = groups.get(key) ?? { source: test.source, tests: [] };
    group.tests.push(test);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/**
 * Measures every source's tests, as many sources at once as `atWork` lets. What fails at one source is the measurement of its
 * tests and leaves the others alone.
 */
export async function measureBySource(
  tests: readonly Test[],
  atWork: LimitFunction,
  measure: (source: SourcePod, tests: readonly Test[]) => Promise<Map<number, Measurement>>,
): Promise<Map<number, Measurement>> {
  const measured = new Map<number, Measurement>();
  await settleAll(
    testsBySource(tests).map(({ source, tests: own }) =>
      atWork(async () => {
        const startedAt = new Date();
        try {
          for (const [index, measurement] of await measure(source, own)) measured.set(index, measurement);
        } catch (thrown) {
          const failure = asFailure(thrown);
          if (failure.code === 'bug') throw failure;
          for (const { index } of own) measured.set(index, failedMeasurement(failure, startedAt));
        }
      }),
    ),
  );
  return measured;
}

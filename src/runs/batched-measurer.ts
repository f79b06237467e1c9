// SPDX-License-Identifier: Apache-2.0
import type { Measurement } from './measurement.js';
import type { Test } from './plan.js';
import type { Measurer } from './run-request.js';
import type { Workplaces } from './workplaces.js';

/** What comes within this time is measured together: parts of a run begin at the same moment, and their controls nearly so. */
const windowMs = 10;

interface Waiting {
  tests: readonly Test[];
  workplaces: Workplaces;
  resolve: (measured: Map<number, Measurement>) => void;
  reject: (thrown: unknown) => void;
}

/** Measures the tests of several requests as if they were one, and gives each its own back under its own numbers. */
async function measureTogether(
  measurer: Measurer,
  requests: readonly Waiting[],
  workplaces: Workplaces,
): Promise<void> {
  const numbered = requests.flatMap((request) => request.tests.map((test) => ({ request, test })));
  try {
    const tests = numbered.map(({ test }, index) => ({ ...test, index }));
    const measured = await measurer.measure(tests, workplaces);
    const shares = new Map(requests.map((request) => [request, new Map<number, Measurement>()]));
    for (const [index, { request, test }] of numbered.entries()) {
      const measurement = measured.get(index);
      if (measurement !== undefined) shares.get(request)?.set(test.index, measurement);
    }
    for (const [request, share] of shares) request.resolve(share);
  } catch (thrown) {
    for (const request of requests) request.reject(thrown);
  }
}

/**
 * A measurer for several parts of a run that have the same probe and parameters: what they ask for at about the same time
 * becomes one measuring, so that a source pod sees one exec and not one a part.
 */
export function batchedMeasurer(measurer: Measurer): Measurer {
  let waiting: Waiting[] = [];
  const flush = () => {
    const requests = waiting;
    waiting = [];
    for (const workplaces of new Set(requests.map((request) => request.workplaces))) {
      const own = requests.filter((request) => request.workplaces === workplaces);
      void measureTogether(measurer, own, workplaces);
    }
  };
  return {
    ...measurer,
    measure: (tests, workplaces) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) setTimeout(flush, windowMs);
        waiting.push({ tests, workplaces, resolve, reject });
      }),
  };
}

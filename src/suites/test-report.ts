// SPDX-License-Identifier: Apache-2.0
import type { Report } from '../model/report.js';
import type { Measurement } from '../runs/measurement.js';
import { resultOf } from '../runs/result.js';
import type { PreparedTest } from './prepare-tests.js';
import { resultOfSuite } from './result-of-suite.js';

/** What became of one test of a suite. */
export type TestReport = Pick<Report, 'warnings' | 'results' | 'hints' | 'notMade'>;

/** The report of a test that could not be made, and is not measured for that reason. */
export function unmadeTest(prepared: PreparedTest, measurement: Measurement): TestReport {
  const { run, request, measurer } = prepared;
  const { expect, maxLossPercent } = request;
  const results = run.plan.tests.map((test) => {
    const result = resultOf(test, measurement, { expect, maxLossPercent, probe: measurer.probeOf(test) });
    return resultOfSuite(result, prepared);
  });
  return { warnings: run.plan.notes, hints: [], results };
}

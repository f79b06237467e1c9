// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { PreparedRun } from './prepare-run.js';
import type { Measurer } from './run-request.js';

/**
 * The run with the tests that the measurer makes of its plan, where it has to look into the source pods first. Throws
 * Failure `notFound` where that leaves no test.
 */
export async function expandPlan(prepared: PreparedRun, measurer: Pick<Measurer, 'expand'>): Promise<PreparedRun> {
  if (measurer.expand === undefined) return prepared;
  const expanded = await measurer.expand(prepared.plan.tests, prepared.workplaces);
  const tests = expanded.tests.map((test, index) => ({ ...test, index }));
  const notes = [...prepared.plan.notes, ...expanded.notes];
  if (tests.length === 0)
    throw new Failure('notFound', ['there is nothing to test', ...notes].join(': '), { reason: 'NoAddress' });
  return { ...prepared, plan: { tests, notes } };
}

// SPDX-License-Identifier: Apache-2.0
import { podLabel } from '../kube/pod-eligibility.js';
import type { ControlResult } from '../model/report.js';
import type { Measurement } from './measurement.js';
import type { MeasuredTest } from './plan.js';
import type { Measurer } from './run-request.js';
import { reached } from './verdict.js';
import type { Workplaces } from './workplaces.js';

/** Makes tests once more, where and how they were made before. */
export type MeasureAgain = (tests: readonly MeasuredTest[]) => Promise<ReadonlyMap<MeasuredTest, Measurement>>;

/** Makes tests once more with the measurer of their run. */
export function measureAgainWith(measurer: Pick<Measurer, 'measure'>, workplaces: Workplaces): MeasureAgain {
  return async (tests) => {
    if (tests.length === 0) return new Map();
    const measured = await measurer.measure(
      tests.map(({ test }, index) => ({ ...test, index })),
      workplaces,
    );
    return new Map(
      tests.flatMap((each, index): [MeasuredTest, Measurement][] => {
        const measurement = measured.get(index);
        return measurement === undefined ? [] : [[each, measurement]];
      }),
    );
  };
}

/**
 * Controls, by the index of the denied test. They were measured while the tests were; what was reached is measured once
 * more now that the tests are over, because a destination that went away meanwhile is as silent as one that is denied.
 */
export async function confirmControls(
  chosen: ReadonlyMap<number, MeasuredTest>,
  again: MeasureAgain,
): Promise<Map<number, ControlResult>> {
  const before = [...new Set(chosen.values())].filter(({ measurement }) => reached(measurement.reason));
  const after = await again(before);
  return new Map(
    [...chosen].map(([index, control]): [number, ControlResult] => {
      const source = podLabel(control.test.source.pod);
      if (!before.includes(control)) return [index, { source, reached: false }];
      const reason = after.get(control)?.reason;
      const isReached = reason !== undefined && reached(reason);
      return [index, isReached ? { source, reached: true } : { source, reached: false, reachedBefore: true }];
    }),
  );
}

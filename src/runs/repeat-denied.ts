// SPDX-License-Identifier: Apache-2.0
import { asFailure } from '../errors/failure.js';
import { pause } from '../kube/pause.js';
import { failedMeasurement, type Measurement } from './measurement.js';
import type { Test } from './plan.js';
import type { RunRequest } from './run-request.js';
import { needsControl } from './verdict.js';

/** What policy engines are given to learn the address and labels of a pod that has just been created. */
const settleMs = 5000;

/**
 * Measures the denied tests of probe pods that were not reached once more, after a while: until a policy engine knows the
 * address of a new pod it drops what comes from there, whatever its policies say of the pod's labels. The second measurement
 * counts; where the run ends before it, nothing can be said.
 */
export async function repeatDenied(
  tests: readonly Test[],
  measured: ReadonlyMap<number, Measurement>,
  { expect, tool, signal }: Pick<RunRequest, 'expect' | 'tool' | 'signal'>,
  measure: (tests: readonly Test[]) => Promise<Map<number, Measurement>>,
): Promise<Map<number, Measurement>> {
  const isUnreached = ({ index }: Test) => {
    const reason = measured.get(index)?.reason;
    return reason !== undefined && needsControl(reason);
  };
  const unreached = expect === 'deny' && tool.entry.by === 'probePod' ? tests.filter(isUnreached) : [];
  if (unreached.length === 0) return new Map(measured);
  try {
    await pause(settleMs, signal);
    return new Map([...measured, ...(await measure(unreached))]);
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (!signal.aborted) throw failure;
    const ended = unreached.map(({ index }): [number, Measurement] => {
      const { startedAt = new Date(), attempts = 0 } = measured.get(index) ?? {};
      return [index, { ...failedMeasurement(failure, startedAt), attempts }];
    });
    return new Map([...measured, ...ended]);
  }
}

// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { finishedInSlices } from '../../../../src/agents/check-server/slices.js';
import { checkReport, checkReportSteps } from '../../../../src/connectivity/check-report.js';
import { simulated } from '../../connectivity/simulated-cluster.js';

describe('finishedInSlices', () => {
  it('lets others have their turn while it works', async () => {
    let turns = 0;
    let isOver = false;
    const takeTurns = (): void => {
      turns += 1;
      if (!isOver) setImmediate(takeTurns);
    };
    setImmediate(takeTurns);
    const input = simulated({ nodes: 60 });
    function* manyTimes() {
      for (let times = 0; times < 20; times++) yield* checkReportSteps(input);
      return 'done';
    }
    const result = await finishedInSlices(manyTimes());
    isOver = true;
    expect(result).toBe('done');
    expect(turns).toBeGreaterThan(5);
  });

  it('gives what the work gives, and throws what it throws', async () => {
    const input = simulated({ nodes: 3 });
    expect(await finishedInSlices(checkReportSteps(input))).toEqual(checkReport(input));
    const broken = (function* () {
      yield;
      throw new Error('broken');
    })();
    await expect(finishedInSlices(broken)).rejects.toThrow('broken');
  });
});

// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../src/model/verdict.js';
import { verdicts } from '../../../src/model/verdict.js';
import { summarize } from '../../../src/model/summary.js';
import { exitCodeOf } from '../../../src/report/exit-code.js';
import { anyReport } from './arbitrary-report.js';
import { ping, reportOf, web0 } from './sample-reports.js';

const reportWith = (...found: Verdict[]) =>
  reportOf(
    'ping',
    found.map((verdict) => ping(web0, { ref: '198.18.0.1', kind: 'ip', address: '198.18.0.1' }, 1, { verdict })),
  );

describe('summarize', () => {
  it('counts every result once', () => {
    fc.assert(
      fc.property(anyReport, ({ results }) => {
        const { total, ...counts } = summarize(results);
        expect(total).toBe(results.length);
        expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(total);
        for (const verdict of verdicts)
          expect(counts[verdict]).toBe(results.filter((each) => each.verdict === verdict).length);
      }),
    );
  });
});

describe('exitCodeOf', () => {
  it('is 3 where something of ours is left, whatever the tests say, but for an interruption', () => {
    const left = { isLeft: true, exitZeroOnFailure: true };
    expect([exitCodeOf(reportWith('pass'), left), exitCodeOf(reportWith('fail'), left)]).toEqual([3, 3]);
    expect(exitCodeOf(reportWith('pass'), { ...left, interrupted: true })).toBe(130);
  });

  it.each<[Verdict[], number]>([
    [['pass'], 0],
    [['pass', 'fail'], 1],
    [['fail', 'error', 'inconclusive', 'unsupported'], 1],
    [['pass', 'error', 'inconclusive', 'unsupported'], 3],
    [['pass', 'inconclusive', 'unsupported'], 4],
    [['pass', 'unsupported'], 5],
    [[], 4],
  ])('of %j is %d', (found, code) => {
    expect(exitCodeOf(reportWith(...found))).toBe(code);
  });

  it('is 130 when interrupted, whatever was found', () => {
    expect(exitCodeOf(reportWith('fail'), { interrupted: true, ignore: ['fail'], exitZeroOnFailure: true })).toBe(130);
    expect(exitCodeOf(reportWith('pass'), { interrupted: true })).toBe(130);
  });

  it('takes ignored verdicts out of the code', () => {
    expect(exitCodeOf(reportWith('pass', 'unsupported'), { ignore: ['unsupported'] })).toBe(0);
    expect(exitCodeOf(reportWith('unsupported', 'inconclusive'), { ignore: ['inconclusive'] })).toBe(5);
    expect(exitCodeOf(reportWith('fail', 'unsupported'), { ignore: ['unsupported', 'inconclusive'] })).toBe(1);
  });

  it('lets failed tests pass for report-only CI, but nothing else', () => {
    expect(exitCodeOf(reportWith('pass', 'fail'), { exitZeroOnFailure: true })).toBe(0);
    expect(exitCodeOf(reportWith('fail', 'error'), { exitZeroOnFailure: true })).toBe(3);
  });

  it('is never 0 without a test', () => {
    fc.assert(
      fc.property(fc.subarray([...verdicts]), fc.boolean(), (ignore, exitZeroOnFailure) => {
        expect(exitCodeOf(reportWith(), { ignore, exitZeroOnFailure })).toBe(4);
      }),
    );
  });
});

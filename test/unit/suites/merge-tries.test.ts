// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Result } from '../../../src/model/report.js';
import { withNext } from '../../../src/suites/merge-tries.js';
import type { TestReport } from '../../../src/suites/test-report.js';
import { ping, web0 } from '../report/sample-reports.js';

const failed: Partial<Result> = { verdict: 'fail', reason: 'NoReply', message: 'no reply' };
const result = (id: string, more: Partial<Result> = {}): Result => ({
  id,
  ...ping(web0, { ref: id, kind: 'ip', address: '198.19.1.7' }, 1, more),
});
const report = (results: Result[], more: Partial<TestReport> = {}): TestReport => ({
  warnings: [],
  hints: [],
  results,
  ...more,
});
const merged = (first: TestReport, next: TestReport, retried: string[], tries = 2) =>
  withNext(first, next, new Set(retried), tries);
const said = ({ results }: TestReport) => results.map(({ id, verdict, tries }) => [id, verdict, tries]);

describe('one more try', () => {
  it('counts for what was tried, in the old order, and leaves the rest', () => {
    const first = report([result('r1', failed), result('r2'), result('r3', failed)]);
    const next = report([result('r3', failed), result('r1')]);
    expect(said(merged(first, next, ['r1', 'r3']))).toEqual([
      ['r1', 'pass', 2],
      ['r2', 'pass', undefined],
      ['r3', 'fail', 2],
    ]);
  });

  it('keeps how often each was tried', () => {
    const first = merged(report([result('r1', failed), result('r2', failed)]), report([result('r1')]), ['r1']);
    const third = merged(first, report([result('r2')]), ['r2'], 3);
    expect(said(third)).toEqual([
      ['r1', 'pass', 2],
      ['r2', 'pass', 3],
    ]);
  });

  it.each(['Interrupted', 'DeadlineExceeded'] as const)('that is cut short says nothing: %s', (reason) => {
    const first = report([result('r1', failed)]);
    const next = report([result('r1', { verdict: 'error', reason })]);
    expect(merged(first, next, ['r1']).results).toEqual(first.results);
  });

  it('that fails otherwise counts', () => {
    const next = report([result('r1', { verdict: 'error', reason: 'SourceVanished' })]);
    expect(said(merged(report([result('r1', failed)]), next, ['r1']))).toEqual([['r1', 'error', 2]]);
  });

  it('without a result takes away what was tried, and only that', () => {
    const first = report([result('r1', failed), result('r2')]);
    expect(said(merged(first, report([]), ['r1']))).toEqual([['r2', 'pass', undefined]]);
  });

  it('has the hints, but for what passes now; warnings add up', () => {
    const old = { text: 'a policy selects it', results: ['r1', 'r2'] };
    const hint = { text: 'another policy selects it', results: ['r1', 'r2'] };
    const first = report([result('r1', failed), result('r2', failed)], { warnings: ['one'], hints: [old] });
    const next = report([result('r1'), result('r2', failed)], { warnings: ['two'], hints: [hint] });
    const { warnings, hints } = merged(first, next, ['r1', 'r2']);
    expect(warnings).toEqual(['one', 'two']);
    expect(hints).toEqual([{ ...hint, results: ['r2'] }]);
  });

  it('leaves what was said of those that were not tried', () => {
    const old = { text: 'cannot be done here', results: ['r1', 'r2'] };
    const unsupported = result('r1', { verdict: 'unsupported', reason: 'NotSupported' });
    const first = report([unsupported, result('r2', failed)], { hints: [old] });
    const { hints } = merged(first, report([result('r2', failed)]), ['r2']);
    expect(hints).toEqual([{ ...old, results: ['r1'] }]);
  });
});

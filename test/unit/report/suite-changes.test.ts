// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Result } from '../../../src/model/report.js';
import { diffReports } from '../../../src/report/diff.js';
import { changeLines } from '../../../src/report/suite-changes.js';
import { ping, reportOf, web0 } from './sample-reports.js';

const test = (name: string, more: Partial<Result> = {}) =>
  ping(web0, { ref: '198.18.0.1', kind: 'ip', address: '198.18.0.1' }, 1, { suite: 'shop', test: name, ...more });
const failed: Partial<Result> = { verdict: 'fail', reason: 'NoReply', message: 'no reply in 3.5 s' };
/** The second is that of the later round, whatever the time zone. */
const round = (second: number, results: Omit<Result, 'id'>[]) =>
  reportOf('run', results, { startedAt: `2026-03-01T12:00:${second}.000Z` });
const lines = (before: Omit<Result, 'id'>[], now: Omit<Result, 'id'>[], color = false) =>
  changeLines(
    diffReports(
      { file: 'old', report: round(11, before) },
      { file: 'new', report: round(42, now) },
      {
        factor: 1.5,
        floorMs: 1,
      },
    ),
    { color },
  ).map((line) => line.replace(/^\d\d:\d\d:42 {2}/, ''));

describe('from one round to the next', () => {
  it('nothing is said where nothing changed', () => {
    expect(lines([test('a'), test('b', failed)], [test('a'), test('b', failed)])).toEqual([]);
  });

  it('what fails says why, with the time of the later round', () => {
    expect(lines([test('a'), test('b')], [test('a', failed), test('b')])).toEqual([
      '✗ fail  shop: a: shop/web-0 → 198.18.0.1 pass → fail (NoReply): no reply in 3.5 s',
    ]);
  });

  it('what passes again needs no reason', () => {
    expect(lines([test('a', failed)], [test('a')])).toEqual([
      '✓ pass  shop: a: shop/web-0 → 198.18.0.1 fail → pass (EchoReply)',
    ]);
  });

  it('what comes and goes', () => {
    expect(lines([test('a')], [test('b', failed)])).toEqual([
      '✗ fail  shop: b: shop/web-0 → 198.18.0.1 is new: no reply in 3.5 s',
      '? inconclusive  shop: a: shop/web-0 → 198.18.0.1 is gone',
    ]);
  });

  it('several differences are one line', () => {
    expect(lines([test('a', { lossPercent: 0 })], [test('a', { ...failed, lossPercent: 100 })])).toEqual([
      '✗ fail  shop: a: shop/web-0 → 198.18.0.1 pass → fail (NoReply); loss 0% → 100%: no reply in 3.5 s',
    ]);
  });

  it('only the verdict has a colour', () => {
    const [line] = lines([test('a')], [test('a', failed)], true);
    expect(line).toMatch(/^\u001b\[31m✗ fail\u001b\[39m {2}shop: a: [^\u001b]+$/);
  });

  it('nothing that was received controls the terminal', () => {
    const [line] = lines([test('a\u001b[2J')], [test('a\u001b[2J', { ...failed, message: 'no\u001b[31m\nreply' })]);
    expect(line).not.toMatch(/\p{Cc}/u);
  });
});

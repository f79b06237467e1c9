// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { Parser, type FinalResults, type Result as TapResult } from 'tap-parser';
import { describe, expect, it } from 'vitest';
import { verdicts, type Verdict } from '../../../src/model/verdict.js';
import { renderTap } from '../../../src/report/tap.js';
import { anyReport } from './arbitrary-report.js';
import { connectFromOne, ping, reportOf, web0 } from './sample-reports.js';

interface Read {
  points: TapResult[];
  results: FinalResults;
  /** What the parser took for no TAP, and what for comments. */
  extra: string[];
  comments: string[];
}

/** Reads TAP back by a third party's parser that forgives nothing. */
function read(tap: string): Promise<Read> {
  return new Promise((resolve) => {
    const found: Omit<Read, 'results'> = { points: [], extra: [], comments: [] };
    const parser = new Parser({ strict: true }, (results) => resolve({ ...found, results }));
    parser.on('assert', (point: TapResult) => found.points.push(point));
    parser.on('extra', (text: string) => found.extra.push(text));
    parser.on('comment', (text: string) => found.comments.push(text));
    parser.end(tap);
  });
}

const address = { ref: '198.18.0.1', kind: 'ip', address: '198.18.0.1' } as const;
const each = reportOf(
  'ping',
  verdicts.map((verdict) => ping(web0, address, 1, { verdict, message: `it is # ${verdict}` })),
);

describe('a verdict in TAP', () => {
  const outcomes = async (ignore: Verdict[]) =>
    (await read(renderTap(each, { ignore }))).points.map(({ ok, skip, todo }) => [ok, skip, todo]);

  it('is ok, not ok or skipped', async () => {
    expect(verdicts).toEqual(['fail', 'error', 'inconclusive', 'unsupported', 'pass']);
    expect(await outcomes([])).toEqual([
      [false, false, false],
      [false, false, false],
      [false, false, false],
      [true, 'unsupported: it is # unsupported', false],
      [true, false, false],
    ]);
    expect((await outcomes(['inconclusive']))[2]).toEqual([true, 'inconclusive: it is # inconclusive', false]);
  });

  it('has diagnostics where it is not ok', async () => {
    const { points, comments } = await read(renderTap(connectFromOne, {}));
    expect(points[0]?.diag).toMatchObject({
      message: '2 of 3 connected',
      severity: 'fail',
      reason: 'SomeAttemptsFailed',
      destination: 'svc/api:80, service, api, 198.18.7.20:80',
      hints: [expect.stringContaining('shop/api-ingress') as string],
    });
    expect(points[1]?.diag).toBeFalsy();
    expect(comments).toContain('# Warning: node2 is NotReady\n');
  });

  it('bails out after an interruption', async () => {
    const interrupted = reportOf('ping', [
      ping(web0, address, 1),
      ping(web0, address, 1, { verdict: 'error', reason: 'Interrupted', message: 'interrupted' }),
    ]);
    expect((await read(renderTap(interrupted, {}))).results.bailout).toBe('interrupted: 1 of 2 tests were not made');
  });

  it('is skipped for a test that was left out', async () => {
    const notMade = [{ suite: 's', test: 'second #2' }];
    const { points, extra } = await read(renderTap(reportOf('run', [ping(web0, address, 1)], { notMade }), {}));
    expect(extra).toEqual([]);
    expect(points.map(({ id, ok, skip }) => [id, ok, skip])).toEqual([
      [1, true, false],
      [2, true, 'not made (--fail-fast)'],
    ]);
    expect(points[1]?.name).toContain('second');
  });

  it('is not ok where no test was made', async () => {
    const { results, points } = await read(renderTap(reportOf('ping', []), {}));
    expect(results.ok).toBe(false);
    expect(points.map(({ name }) => name)).toEqual(['no test was made']);
  });
});

describe('TAP', () => {
  it('holds any report: a point a test in order, by its name, and not a word of anybody else', async () => {
    await fc.assert(
      fc.asyncProperty(anyReport, async (report) => {
        const text = renderTap(report, {});
        if (report.results.length === 0) return;
        expect(text.startsWith(`TAP version 14\n1..${report.results.length}\n`)).toBe(true);
        const { points, results, extra } = await read(text);
        const { pass, unsupported } = report.summary;
        expect(extra).toEqual([]);
        expect(points.map(({ id }) => id)).toEqual(report.results.map((_, index) => index + 1));
        expect(points.filter(({ ok }) => ok)).toHaveLength(pass + unsupported);
        expect(points.filter(({ skip }) => skip !== false)).toHaveLength(unsupported);
        expect(points.filter(({ todo }) => todo !== false)).toEqual([]);
        expect(new Set(points.map(({ name }) => name)).size).toBe(points.length);
        for (const [index, { ok, diag }] of points.entries()) {
          if (!ok) expect(diag).toMatchObject({ id: report.results[index]?.id, reason: report.results[index]?.reason });
        }
        const isInterrupted = report.results.some(({ reason }) => reason === 'Interrupted');
        expect(results.ok).toBe(pass + unsupported === report.results.length && !isInterrupted);
      }),
    );
  });
});

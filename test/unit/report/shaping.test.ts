// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors/failure.js';
import type { ShapeReport, ShapeResult } from '../../../src/model/shaping.js';
import { renderShaping, shapedNames } from '../../../src/report/shaping.js';
import { failedOutcome } from '../../../src/shaping/shape-outcome.js';
import { record } from '../shaping/sample-record.js';

const words = { effects: () => 'rate 1mbit', scope: () => 'all packets' };
const options = { width: 200, color: false, headers: true, wide: false, words };
const result: ShapeResult = {
  ...{ id: 's1', namespace: 'shop', pod: 'web-0', node: 'node1' },
  ...{ verdict: 'pass', reason: 'Verified', message: 'measured as asked' },
  measurements: [],
};

function reportOf(more: Partial<ShapeResult>, dryRun: ShapeReport['dryRun'] = 'none'): ShapeReport {
  const results = [{ ...result, ...more }];
  const about = { startedAt: '2026-11-21T17:00:00.000Z', durationMs: 1, warnings: ['odd'] };
  return { apiVersion: 'netmachinery.io/v1', kind: 'ShapeReport', ...about, dryRun, results };
}

describe('a report of shapes', () => {
  it('says what a dry run found, and names the pods', () => {
    const tried = reportOf({ message: 'it may be done' }, 'server');
    expect(renderShaping(tried, options)).toBe('pod shop/web-0 would be shaped (server dry run): it may be done\n');
    expect(shapedNames(tried)).toBe('pod/web-0\n');
    expect(shapedNames(reportOf({}))).toBe('');
  });

  it('has what is just below a unit in that unit, as what was asked', () => {
    const rate = { what: 'rateBitsPerSecond', destination: 'shop/db', expected: 1e6, agrees: true } as const;
    const shown = reportOf({ shape: record, measurements: [{ ...rate, before: 1.15e9, during: 998_700 }] });
    expect(renderShaping(shown, options)).toContain('1.15 Gbit/s → 1.00 Mbit/s (asked 1.00 Mbit/s)');
  });
});

describe('what a failure says of a pod', () => {
  it('is that it went away only where the API server says so', () => {
    const gone = new Failure('notFound', 'pods "web-0" not found', { status: 404 });
    expect(failedOutcome(gone)).toMatchObject({ verdict: 'inconclusive', reason: 'PodVanished' });
    const noPeer = new Failure('notFound', 'the pod cannot resolve nobody.invalid');
    expect(failedOutcome(noPeer)).toMatchObject({ verdict: 'inconclusive', reason: 'NotShaped' });
  });
});

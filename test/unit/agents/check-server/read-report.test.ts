// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readReport, reportOf } from '../../../../src/agents/check-server/read-report.js';
import { Failure } from '../../../../src/errors/failure.js';
import { anyReport, reportWith } from './reports.js';

/** JSON has one zero. */
const sent = (report: object): object => JSON.parse(JSON.stringify(report)) as object;

/** What a reader makes of it; anything but a usage failure is thrown on. */
function outcomeOf(read: () => unknown): 'taken' | 'refused' {
  try {
    read();
    return 'taken';
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === 'usage') return 'refused';
    throw thrown;
  }
}

/** Paths to everything in a value. */
function pathsOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, each]) => pathsOf(each, [...path, key]));
  return path.length === 0 ? below : [path, ...below];
}

/** A copy with one value of it replaced. */
function replaced(report: object, path: readonly (string | number)[], by: unknown): object {
  const copy = structuredClone(report) as Record<string | number, unknown>;
  let place = copy;
  for (const key of path.slice(0, -1)) place = place[key] as Record<string | number, unknown>;
  place[path.at(-1) ?? ''] = by;
  return copy;
}

describe('what is read of a report', () => {
  it('is all that an agent says, and nothing beside', () => {
    fc.assert(
      fc.property(anyReport, fc.jsonValue(), (report, other) => {
        const text = JSON.stringify({
          ...report,
          further: other,
          outcomes: report.outcomes.map((each) => ({ ...each, other })),
        });
        expect(readReport(text)).toEqual(sent(report));
      }),
    );
  });

  it('is refused in words, whatever it is: no other failure comes of it', () => {
    fc.assert(fc.property(fc.string(), (text) => outcomeOf(() => readReport(text)) === 'refused'));
    fc.assert(fc.property(fc.jsonValue(), (value) => outcomeOf(() => reportOf(value, 'it')) === 'refused'));
  });

  it('stays of its shape where one thing in it is another', () => {
    const property = fc.property(anyReport, fc.nat(), fc.jsonValue(), (report, chosen, by) => {
      const paths = pathsOf(report);
      const changed = replaced(report, paths[chosen % paths.length] ?? [], by);
      if (outcomeOf(() => reportOf(changed, 'it')) === 'refused') return;
      // What was taken is taken again, and is the same: nothing of it is of a shape that only looked right.
      const taken = reportOf(changed, 'it');
      expect(reportOf(sent(taken), 'it')).toEqual(sent(taken));
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('never has a value in the words of a refusal: it may be a secret', () => {
    for (const path of pathsOf(reportWith([{ kind: 'api', values: { tcp: 1 } }]))) {
      const changed = replaced(reportWith([{ kind: 'api', values: { tcp: 1 } }]), path, [
        's3cret',
        { s3cret: 's3cret' },
      ]);
      try {
        reportOf(changed, 'it');
      } catch (thrown) {
        expect((thrown as Error).message).not.toContain('s3cret');
      }
    }
    expect(() => readReport('{"s3cret')).toThrow(/^the body must be JSON$/);
  });

  it('has bounds: of times, texts and lists', () => {
    const refused = (changes: object) => outcomeOf(() => reportOf({ ...reportWith([]), ...changes }, 'it'));
    expect(refused({})).toBe('taken');
    expect(refused({ hostDate: 'yesterday' })).toBe('refused');
    expect(refused({ hostDate: '2026-13-01T00:00:00Z' })).toBe('refused');
    expect(refused({ intervalMs: 0 })).toBe('refused');
    expect(refused({ durationMs: -1 })).toBe('refused');
    expect(refused({ kernel: 'x'.repeat(1025) })).toBe('refused');
    expect(refused({ outcomes: Array.from({ length: 20_001 }, () => ({ kind: 'api', values: {} })) })).toBe('refused');
    expect(refused({ outcomes: [{ kind: 'api', values: { tcp: 'lost' } }] })).toBe('refused');
    expect(refused({ outcomes: [{ kind: 'api', port: 65_536, values: {} }] })).toBe('refused');
    expect(refused({ apiVersion: 'netmachinery.io/v2' })).toBe('refused');
  });
});

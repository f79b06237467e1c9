// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { mergeReports } from '../../../src/runs/merge-reports.js';
import { connectFromOne, pingFromTwo } from '../report/sample-reports.js';

const run = { command: 'run', startedAt: new Date(0), startedMs: performance.now() };

it('numbers results anew, and hints with them', () => {
  const merged = mergeReports([pingFromTwo, connectFromOne], run);
  expect(merged.results.map(({ id }) => id)).toEqual(merged.results.map((_, index) => `r${index + 1}`));
  expect(merged.summary.total).toBe(pingFromTwo.results.length + connectFromOne.results.length);
  const before = pingFromTwo.results.length;
  const moved = connectFromOne.hints.flatMap(({ results }) => results).map((id) => `r${Number(id.slice(1)) + before}`);
  const ids = merged.hints.flatMap(({ results }) => results);
  expect(ids).toEqual(expect.arrayContaining(moved));
});

it('says once what several parts say, and nothing of results that are not there', () => {
  const hint = { text: 'refused', results: ['r1'] };
  const [result] = connectFromOne.results;
  const part = { warnings: ['odd'], results: result === undefined ? [] : [result], hints: [hint] };
  const merged = mergeReports([part, part, { warnings: [], results: [], hints: [hint] }], run);
  expect(merged.warnings).toEqual(['odd']);
  expect(merged.hints).toEqual([{ text: 'refused', results: ['r1', 'r2'] }]);
});

it('keeps what a hint is about', () => {
  const [result] = connectFromOne.results;
  const hints = [{ text: 'by its text', results: ['r1'], about: 'policies' as const }];
  const merged = mergeReports([{ warnings: [], results: result === undefined ? [] : [result], hints }], run);
  expect(merged.hints).toEqual(hints);
});

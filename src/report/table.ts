// SPDX-License-Identifier: Apache-2.0
import type { Report } from '../model/report.js';
import { conclusionLines } from './conclusion.js';
import { sourceKey } from './destination-label.js';
import { hopLines } from './hops.js';
import type { RenderOptions } from './render-options.js';
import { resultListLines } from './result-list.js';
import { resultMatrixLines } from './result-matrix.js';
import { suiteTestLines } from './suite-tests.js';

/**
 * `-o table`: a line a destination, or a matrix where several sources were asked and it fits; of suites a line a test and,
 * where there is one, the matrix. Then the hops of traces, and what it adds up to.
 */
export function renderTable(report: Report, options: RenderOptions): string {
  const { results } = report;
  const severalSources = new Set(results.map(({ source }) => sourceKey(source))).size > 1;
  const matrix = severalSources ? resultMatrixLines(results, options) : undefined;
  const isSuite = results.some(({ test }) => test !== undefined);
  const lines = isSuite
    ? [...suiteTestLines(results, options), ...(matrix === undefined ? [] : ['', ...matrix])]
    : (matrix ?? resultListLines(results, options));
  const table = results.length === 0 ? [] : [...lines, ...hopLines(results, options), ''];
  return [...table, ...conclusionLines(report, options)].map((line) => `${line}\n`).join('');
}

// SPDX-License-Identifier: Apache-2.0
import type { Report } from '../model/report.js';
import { conclusionLines } from './conclusion.js';
import { sourceKey } from './destination-label.js';
import type { RenderOptions } from './render-options.js';
import { resultListLines } from './result-list.js';
import { resultMatrixLines } from './result-matrix.js';

/** `-o table`: a line a destination, or a matrix where several sources were asked and it fits; then what it adds up to. */
export function renderTable(report: Report, options: RenderOptions): string {
  const { results } = report;
  const severalSources = new Set(results.map(({ source }) => sourceKey(source))).size > 1;
  const matrix = severalSources ? resultMatrixLines(results, options) : undefined;
  const table = results.length === 0 ? [] : [...(matrix ?? resultListLines(results, options)), ''];
  return [...table, ...conclusionLines(report, options)].map((line) => `${line}\n`).join('');
}

// SPDX-License-Identifier: Apache-2.0
import type { Result, Summary } from './report.js';

/** How many results there are of each verdict. */
export function summarize(results: readonly Result[]): Summary {
  const summary: Summary = { total: results.length, pass: 0, fail: 0, inconclusive: 0, unsupported: 0, error: 0 };
  for (const { verdict } of results) summary[verdict] += 1;
  return summary;
}

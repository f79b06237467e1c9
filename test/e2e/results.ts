// SPDX-License-Identifier: Apache-2.0
import type { Report, Result } from '../../src/model/report.js';

/** The only result of a report whose destination has these values; throws what there is instead. */
export function resultOf(report: Report, destination: Partial<Result['destination']>): Result {
  const found = resultsOf(report, destination);
  if (found.length === 1 && found[0] !== undefined) return found[0];
  throw new Error(`${found.length} results for ${JSON.stringify(destination)} in ${JSON.stringify(report, null, 1)}`);
}

/** All results whose destination has these values. */
export function resultsOf(report: Report, destination: Partial<Result['destination']>): Result[] {
  const wanted = Object.entries(destination);
  return report.results.filter((result) =>
    wanted.every(([key, value]) => result.destination[key as keyof Result['destination']] === value),
  );
}

/** The hints that speak of a result. */
export function hintsOf(report: Report, result: Result | undefined): string[] {
  return report.hints.filter(({ results }) => results.includes(result?.id ?? 'none')).map(({ text }) => text);
}

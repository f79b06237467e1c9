// SPDX-License-Identifier: Apache-2.0
import type { Report } from '../model/report.js';
import type { ShapeReport } from '../model/shaping.js';
import { summarize } from '../model/summary.js';
import type { Verdict } from '../model/verdict.js';

export interface ExitCodeOptions {
  /** The user or a signal ended the run. */
  interrupted?: boolean;
  /** Verdicts that do not count (`--ignore`). */
  ignore?: readonly Verdict[];
  /** Failed tests do not count (`--exit-zero-on-failure`); what kept tests from being made still does. */
  exitZeroOnFailure?: boolean;
  /** Something of ours is left in the cluster that could not be taken back. */
  isLeft?: boolean;
}

/** Verdicts and their exit codes, the first that applies first. */
export const exitCodes: readonly (readonly [Verdict, number])[] = [
  ['fail', 1],
  ['error', 3],
  ['inconclusive', 4],
  ['unsupported', 5],
];

/**
 * The exit code of a run that came as far as a report: 130 interrupted, 3 something of ours is left, 1 a test failed, 3 the tool or the cluster
 * failed, 4 inconclusive, 5 unsupported, 0. A report without any test concludes nothing and is 4, whatever is ignored.
 * 2 (usage, or names that match nothing) comes from a Failure, before there is a report.
 */
export function exitCodeOf(report: Pick<Report, 'results'>, options: ExitCodeOptions = {}): number {
  if (options.interrupted === true) return 130;
  if (options.isLeft === true) return 3;
  if (report.results.length === 0) return 4;
  const ignored = new Set<Verdict>(options.ignore);
  if (options.exitZeroOnFailure === true) ignored.add('fail');
  const summary = summarize(report.results);
  return exitCodes.find(([verdict]) => summary[verdict] > 0 && !ignored.has(verdict))?.[1] ?? 0;
}

/** The exit code of `shape`: 130 interrupted, 3 a shape is left, then as that of a run with a result for each pod. */
export function shapeExitCode({ results }: ShapeReport, { interrupted, isLeft }: ExitCodeOptions): number {
  if (interrupted === true) return 130;
  if (isLeft === true) return 3;
  if (results.length === 0) return 4;
  return exitCodes.find(([verdict]) => results.some((result) => result.verdict === verdict))?.[1] ?? 0;
}

// SPDX-License-Identifier: Apache-2.0
import type { Reason } from '../model/reason.js';
import type { Result } from '../model/report.js';

/** Milliseconds with about three significant digits and no unit: `0.21`, `12.3`, `1043`. */
export function formatMs(ms: number): string {
  if (ms < 0.01) return ms === 0 ? '0' : ms.toFixed(3);
  if (ms < 10) return ms.toFixed(2);
  return ms < 100 ? ms.toFixed(1) : ms.toFixed(0);
}

/** A share in percent; some loss never reads as none and some arrival never as all lost. */
export function formatPercent(percent: number): string {
  if (percent <= 0) return '0%';
  if (percent >= 100) return '100%';
  if (percent < 10) return `${Math.max(0.1, Math.round(percent * 10) / 10)}%`;
  return `${Math.min(99, Math.round(percent))}%`;
}

/** How long a run took: `0.3 s`, `12.0 s`, `2m5s`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 59_950) return `${(durationMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1000);
  return `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

/** Reasons that say that the destination was reached. */
const reached: ReadonlySet<Reason> = new Set<Reason>([
  'EchoReply',
  'Connected',
  'Answered',
  'Delivered',
  'Resolved',
  'Responded',
]);

/** How many attempts of a TCP or UDP test arrived, out of how many; undefined for probes without attempts of their own. */
export function reachedAttempts(result: Result): { reached: number; total: number } | undefined {
  if (result.attemptResults === undefined) return undefined;
  return {
    reached: result.attemptResults.filter((attempt) => reached.has(attempt.reason)).length,
    total: result.attemptResults.length,
  };
}

/** The mean round-trip or connect time in ms. */
export function meanMs(result: Result): number | undefined {
  if (result.rttMs !== undefined) return result.rttMs.avg;
  const times = result.attemptResults?.flatMap(({ ms }) => (ms === undefined ? [] : [ms])) ?? [];
  return times.length === 0 ? undefined : times.reduce((sum, ms) => sum + ms, 0) / times.length;
}

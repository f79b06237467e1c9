// SPDX-License-Identifier: Apache-2.0
import type { RttMs } from './report.js';

const samplesForP95 = 20;
const samplesForP99 = 100;

/** The value at `fraction` (0..1) of ascending samples, by nearest rank: always a value that was measured. */
export function percentile(ascending: readonly number[], fraction: number): number {
  const rank = Math.max(1, Math.ceil(fraction * ascending.length));
  const value = ascending[rank - 1];
  if (value === undefined) throw new RangeError('a percentile of no samples');
  return value;
}

/** Mean absolute difference of successive samples, in their unit; 0 for fewer than two (RFC 3550 6.4.1 without the smoothing). */
export function jitter(inOrder: readonly number[]): number {
  let sum = 0;
  for (let i = 1; i < inOrder.length; i++) sum += Math.abs((inOrder[i] ?? 0) - (inOrder[i - 1] ?? 0));
  return inOrder.length < 2 ? 0 : sum / (inOrder.length - 1);
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** Figures of round trips given in the order in which they were sent; undefined when there is none. Rounded to 1 us. */
export function rttStatistics(rttsMs: readonly number[]): RttMs | undefined {
  return pooledStatistics([rttsMs]);
}

/**
 * The same of several series, each in its own order: all samples count alike, and jitter is within a series only, for
 * what follows each other on two paths says nothing of either.
 */
export function pooledStatistics(series: readonly (readonly number[])[]): RttMs | undefined {
  const ascending = series.flat().sort((a, b) => a - b);
  if (ascending.length === 0) return undefined;
  const sum = ascending.reduce((total, rtt) => total + rtt, 0);
  const steps = series.reduce((total, rtts) => total + Math.max(0, rtts.length - 1), 0);
  const variation = series.reduce((total, rtts) => total + jitter(rtts) * Math.max(0, rtts.length - 1), 0);
  return {
    min: round(percentile(ascending, 0)),
    avg: round(sum / ascending.length),
    p50: round(percentile(ascending, 0.5)),
    ...(ascending.length >= samplesForP95 ? { p95: round(percentile(ascending, 0.95)) } : {}),
    ...(ascending.length >= samplesForP99 ? { p99: round(percentile(ascending, 0.99)) } : {}),
    max: round(percentile(ascending, 1)),
    jitter: round(steps === 0 ? 0 : variation / steps),
  };
}

// SPDX-License-Identifier: Apache-2.0
import type { Result } from '../../model/report.js';
import { meanMs } from '../figures.js';

/** The figure that a page compares destinations by. */
export type TimeFigure = 'p95' | 'p50';

/** p95 where any result has it (from 20 samples on), else the median: a page never mixes the two. */
export function timeFigure(results: readonly Result[]): TimeFigure {
  return results.some(({ rttMs }) => rttMs?.p95 !== undefined) ? 'p95' : 'p50';
}

/** A result's time in ms; undefined where it has none of that kind. */
export function timeOf(result: Result, figure: TimeFigure): number | undefined {
  if (figure === 'p95') return result.rttMs?.p95;
  return result.rttMs?.p50 ?? result.http?.phases?.totalMs ?? meanMs(result);
}

/** Steps of the heat map as multiples of the median of all times: what is usual looks the same, what is not stands out. */
const multiples = [1.5, 3, 10, 30];

/** Upper bounds in ms of all steps but the last. */
export function heatBounds(times: readonly number[]): number[] {
  const sorted = times.toSorted((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)];
  return median === undefined ? [] : multiples.map((multiple) => multiple * median);
}

/** 0 is usual, 4 is more than thirty times that. */
export function heatOf(ms: number, bounds: readonly number[]): number {
  const step = bounds.findIndex((bound) => ms <= bound);
  return step === -1 ? bounds.length : step;
}

/** At most four characters: a cell of the heat map is narrow. */
export function shortMs(ms: number): string {
  if (ms < 1) return ms.toFixed(2).replace(/^0(?=\.)/, '');
  if (ms < 10) return ms.toFixed(1);
  return ms < 10_000 ? ms.toFixed(0) : `${Math.round(ms / 1000)}s`;
}

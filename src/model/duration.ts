// SPDX-License-Identifier: Apache-2.0

const unitMs: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** What is said of a text that is no duration. */
export const durationHint = 'write a number with a unit, such as 200ms, 5s or 1m30s';

/**
 * Milliseconds of a Go duration such as `200ms`, `1m30s` or `1.5s`; a bare number is seconds, as kubectl reads it. Undefined
 * for anything else.
 */
export function readDurationMs(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return finite(Number(text) * 1000);
  const part = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/gy;
  let total = 0;
  let end = 0;
  for (let match = part.exec(text); match !== null; match = part.exec(text)) {
    total += Number(match[1]) * (unitMs[match[2] ?? ''] ?? Number.NaN);
    end = part.lastIndex;
  }
  return end === 0 || end !== text.length ? undefined : finite(total);
}

function finite(ms: number): number | undefined {
  return Number.isFinite(ms) ? ms : undefined;
}

/** What is wrong with a duration outside of its bounds, in words; undefined where nothing is. */
export function outOfBounds(ms: number, { minMs = 0, maxMs = Number.MAX_SAFE_INTEGER }: DurationBounds) {
  if (ms < minMs) return `at least ${minMs}ms`;
  return ms > maxMs ? `at most ${maxMs / 1000}s` : undefined;
}

/** Both inclusive, in ms. */
export interface DurationBounds {
  minMs?: number;
  maxMs?: number;
}

// SPDX-License-Identifier: Apache-2.0
import { Flags } from '@oclif/core';
import { Failure } from '../../errors/failure.js';

const unitMs: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a Go duration such as `200ms`, `1m30s` or `1.5s`; a bare number is seconds, as kubectl reads it. */
export function parseDurationMs(text: string, flag: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const part = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/gy;
  let total = 0;
  let end = 0;
  for (let match = part.exec(text); match !== null; match = part.exec(text)) {
    total += Number(match[1]) * (unitMs[match[2] ?? ''] ?? Number.NaN);
    end = part.lastIndex;
  }
  if (end === 0 || end !== text.length || !Number.isFinite(total)) {
    throw new Failure('usage', `invalid value "${text}" for --${flag}: not a duration`, {
      hint: 'write a number with a unit, such as 200ms, 5s or 1m30s',
    });
  }
  return total;
}

/** A flag whose value is a duration; the parsed value is in milliseconds. */
export const durationFlag = Flags.custom<number, { flag: string; minMs?: number }>({
  parse: (text, _context, options) => {
    const ms = parseDurationMs(text, options.flag);
    if (ms < (options.minMs ?? 0)) {
      throw new Failure('usage', `invalid value "${text}" for --${options.flag}: at least ${options.minMs ?? 0}ms`);
    }
    return Promise.resolve(ms);
  },
});

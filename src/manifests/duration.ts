// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { quote } from '../targets/quote.js';

const durationUnitsUs: Readonly<Record<string, number>> = {
  ns: 1e-3,
  us: 1,
  µs: 1,
  μs: 1,
  ms: 1e3,
  s: 1e6,
  m: 6e7,
  h: 3.6e9,
};

/** Microseconds of a Go duration (`100ms`, `1m30s`); only 0 needs no unit. Throws Failure `usage`. */
export function durationUs(text: string): number {
  const number = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;
  let total = 0;
  let end = 0;
  for (let match = number.exec(text); match !== null; match = number.exec(text)) {
    total += Number(match[1]) * (durationUnitsUs[match[2] ?? ''] ?? Number.NaN);
    end = number.lastIndex;
  }
  if (text === '0') return 0;
  if (end === 0 || end !== text.length || !Number.isSafeInteger(Math.round(total))) {
    throw new Failure('usage', `${quote(text)} is no duration`, { hint: 'write 100ms, 5s or 1m30s' });
  }
  return total;
}

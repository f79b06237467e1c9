// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import { quote } from '../../targets/quote.js';

const timeUnits: Readonly<Record<string, string>> = {
  '': 'us',
  us: 'us',
  usec: 'us',
  usecs: 'us',
  ms: 'ms',
  msec: 'ms',
  msecs: 'ms',
  s: 's',
  sec: 's',
  secs: 's',
};

/** A time of tc(8) in our words: a bare number is µs there and ms here. Throws Failure `usage`. */
export function timeOfTc(word: string): string {
  const match = /^(\d+(?:\.\d+)?|\.\d+)([a-z]*)$/i.exec(word);
  const unit = timeUnits[match?.[2]?.toLowerCase() ?? '-'];
  if (match === null || unit === undefined) {
    throw new Failure('usage', `${quote(word)} is no time of tc`, { hint: 'write 100ms, 1.5s or 200us' });
  }
  return `${Number(match[1])}${unit}`;
}

const factors: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };
const binaryFactors: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/**
 * A rate of tc(8) as `N bit` in our words: a bare number is bits a second, `bit` and `bps` take k, m, g, t (1000) and ki, mi,
 * gi, ti (1024), and `bps` is BYTES a second. Throws Failure `usage`.
 */
export function rateOfTc(word: string): { word: string; isBytes: boolean } {
  const match = /^(\d+(?:\.\d+)?|\.\d+)(?:([kmgt]?)(i?)(bit|bps))?$/i.exec(word);
  const prefix = (match?.[2] ?? '').toLowerCase();
  const factor = match?.[3] ? binaryFactors[prefix] : factors[prefix];
  if (match === null || factor === undefined) {
    throw new Failure('usage', `${quote(word)} is no rate of tc`, { hint: 'write 500kbit, 10mbit or 1gbit' });
  }
  const isBytes = match[4]?.toLowerCase() === 'bps';
  return { word: `${Math.round(Number(match[1]) * factor * (isBytes ? 8 : 1))}bit`, isBytes };
}

/** What to say of a rate that counts bytes: most who write `mbps` mean megabits. */
export function bytesWarning(written: string, word: string): string {
  return `${quote(written)} is bytes a second, as tc reads it: ${Number(word.slice(0, -3)).toLocaleString('en')} bit/s`;
}

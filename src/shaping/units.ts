// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';

const usPerUnit: Readonly<Record<string, number>> = {
  ns: 1e-3,
  us: 1,
  µs: 1,
  usec: 1,
  usecs: 1,
  ms: 1000,
  msec: 1000,
  msecs: 1000,
  s: 1e6,
  sec: 1e6,
  secs: 1e6,
};

/** tc(8) keeps times in 32 bits, of 64 ns each: 274 s. */
const maxTimeUs = 240e6;

/** tc(8)'s units of rates; it takes capitals for the same. */
const bitsPerUnit: Readonly<Record<string, number>> = {
  bit: 1,
  kbit: 1e3,
  mbit: 1e6,
  gbit: 1e9,
  tbit: 1e12,
  kibit: 2 ** 10,
  mibit: 2 ** 20,
  gibit: 2 ** 30,
  tibit: 2 ** 40,
};

/** Everything passes the class below our root, whose rate this is. */
const maxBitsPerSecond = 32e9;

const number = String.raw`(\d+(?:\.\d*)?|\.\d+)`;

const invalid = (text: string, name: string, why: string, hint?: string): Failure =>
  new Failure('usage', `invalid value "${text}" for ${name}: ${why}`, { hint });

/** Whole µs of `100ms`, `1.5s`, `250us`; a bare number is ms, as pumba reads it. `name` is whose value it is, for the message. */
export function parseTimeUs(text: string, name: string): number {
  const [, digits, unit] = new RegExp(`^${number} ?([a-zµ]*)$`).exec(text.trim()) ?? [];
  const scale = unit === '' ? 1000 : usPerUnit[unit ?? ''];
  if (digits === undefined || scale === undefined) {
    throw invalid(
      text,
      name,
      'not a time',
      'write a number with a unit, such as 250us, 100ms or 1.5s; a bare number is ms',
    );
  }
  const us = Math.round(Number(digits) * scale);
  if (us === 0 && Number(digits) > 0) throw invalid(text, name, 'less than a microsecond');
  if (us > maxTimeUs) throw invalid(text, name, 'more than 4 minutes');
  return us;
}

/** Bits per second of `10mbit`, `512kbit`, `1Gibit`. */
export function parseRateBitsPerSecond(text: string, name: string): number {
  const [, digits, unit] = new RegExp(`^${number} ?([a-z/]*)$`).exec(text.trim().toLowerCase()) ?? [];
  if (digits === undefined || unit === undefined)
    throw invalid(text, name, 'not a rate', 'write it such as 10mbit or 512kbit');
  const scale = bitsPerUnit[unit];
  if (scale === undefined) throw invalid(text, name, ...whyNoRate(digits, unit));
  const bits = Math.round(Number(digits) * scale);
  if (bits < 8) throw invalid(text, name, 'less than a byte per second');
  if (bits > maxBitsPerSecond) throw invalid(text, name, `more than ${formatRate(maxBitsPerSecond)}`);
  return bits;
}

/** The words for a unit that tc(8) does not have, or that people read in two ways: reason and hint. */
function whyNoRate(digits: string, unit: string): [string, string] {
  if (unit === '') return ['it has no unit', `say ${digits}mbit, ${digits}kbit or ${digits}bit`];
  const [, prefix] = /^((?:[kmgt]i?)?)(?:bps|b\/s|b|bytes?|bytes?\/s)$/.exec(unit) ?? [];
  if (prefix !== undefined) {
    const bytes = Number(digits) * 8;
    return [
      `"${unit}" is ambiguous`,
      `say ${digits}${prefix}bit for bits per second, or ${String(bytes)}${prefix}bit for as many bytes, which is what tc takes "bps" for`,
    ];
  }
  return [
    `"${unit}" is not a unit of rates`,
    'there are bit, kbit, mbit, gbit (of 1000) and kibit, mibit, gibit (of 1024)',
  ];
}

/** 0 to 100, of `1`, `0.5` or `12.5%`. */
export function parsePercent(text: string, name: string): number {
  const [, digits] = new RegExp(`^${number} ?%?$`).exec(text.trim()) ?? [];
  if (digits === undefined) throw invalid(text, name, 'not a percentage', 'write it such as 5, 5% or 0.5%');
  const percent = Number(digits);
  if (percent > 100) throw invalid(text, name, 'more than 100 %');
  // The kernel keeps chances as fractions of 2^32.
  if (percent > 0 && percent * 2 ** 32 < 100) throw invalid(text, name, 'less than the kernel can tell from 0');
  return percent;
}

/** A whole number from `least` to `most`. */
export function parseCount(text: string, name: string, least: number, most: number): number {
  const count = /^\d{1,10}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(count >= least && count <= most)) throw invalid(text, name, `not a whole number from ${least} to ${most}`);
  return count;
}

/** In the largest unit that leaves nothing after the point, with tc(8)'s words: `100ms`, `1500us`, `2s`. */
export function formatTime(us: number): string {
  if (us !== 0 && us % 1e6 === 0) return `${us / 1e6}s`;
  return us % 1000 === 0 ? `${us / 1000}ms` : `${us}us`;
}

/** As {@link formatTime}: `10mbit`, `1500kbit`. */
export function formatRate(bitsPerSecond: number): string {
  if (bitsPerSecond === 0) return '0bit';
  for (const unit of ['gbit', 'mbit', 'kbit']) {
    const scale = bitsPerUnit[unit] ?? 1;
    if (bitsPerSecond % scale === 0) return `${bitsPerSecond / scale}${unit}`;
  }
  return `${bitsPerSecond}bit`;
}

/** Without an exponent, which tc(8) would not take, and without zeros at the end. */
export const formatPercent = (percent: number): string => `${percent.toFixed(8).replace(/\.?0+$/, '')}%`;

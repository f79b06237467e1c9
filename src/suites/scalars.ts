// SPDX-License-Identifier: Apache-2.0
import { describeValue, type Fields } from '../manifests/fields.js';
import { noted } from '../manifests/noted.js';
import { durationUs } from '../manifests/duration.js';
import { nearestNames } from '../targets/edit-distance.js';
import { quote } from '../targets/quote.js';

/**
 * Fields of our own format. A variable makes any of them a text, so a number and a switch may be written as one. Each reader
 * notes what is wrong and returns undefined for it, as it does for an absent field.
 */
function present(fields: Fields, name: string): unknown {
  const value = fields.raw(name);
  return value === noted ? undefined : value;
}

/** A text, or a number as it is written. */
export function readWord(fields: Fields, name: string): string | undefined {
  const value = present(fields, name);
  if (value === undefined) return undefined;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string' && value !== '') return value;
  fields.at(name).wrong(value === '' ? 'is empty' : `a text is needed here, not ${describeValue(value)}`);
  return undefined;
}

/** A whole number within bounds. */
export function readCount(fields: Fields, name: string, least: number, most: number): number | undefined {
  const value = present(fields, name);
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= least && number <= most) return number;
  fields
    .at(name)
    .wrong(`a whole number is needed here, not ${describeValue(value)}`, `from ${least} to ${most} is allowed`);
  return undefined;
}

export function readSwitch(fields: Fields, name: string): boolean | undefined {
  const value = present(fields, name);
  if (value === undefined || typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  fields.at(name).wrong(`true or false is needed here, not ${describeValue(value)}`);
  return undefined;
}

/** One of some words. */
export function readChoice<Word extends string>(
  fields: Fields,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const value = present(fields, name);
  if (value === undefined) return undefined;
  const word = words.find((one) => one === value);
  if (word !== undefined) return word;
  const [nearest] = typeof value === 'string' ? nearestNames(value, words, 1) : [];
  const shown = typeof value === 'string' ? quote(value) : describeValue(value);
  const allowed = `allowed are ${words.join(', ')}`;
  fields.at(name).wrong(`${shown} is not known here`, nearest === undefined ? allowed : `did you mean ${nearest}?`);
  return undefined;
}

/** Whole milliseconds, rounded up, of a Go duration (`200ms`, `1m30s`). */
export function readDuration(
  fields: Fields,
  name: string,
  leastMs = 0,
  mostMs = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const value = present(fields, name);
  if (value === undefined) return undefined;
  if (typeof value !== 'string' && value !== 0) {
    const example = typeof value === 'number' ? `${value}s` : '2s';
    fields
      .at(name)
      .wrong(`a time with its unit is needed here, not ${describeValue(value)}`, `write ${example} or 200ms`);
    return undefined;
  }
  const us = fields.at(name).attempt(() => durationUs(String(value)));
  if (us === undefined) return undefined;
  const ms = Math.ceil(us / 1000);
  if (us >= leastMs * 1000 && ms <= mostMs) return ms;
  const [what, bound] =
    ms > mostMs ? ['long', `at most ${boundText(mostMs)}`] : ['short', `at least ${boundText(leastMs)}`];
  fields.at(name).wrong(`${quote(String(value))} is too ${what}`, `${bound} is allowed`);
  return undefined;
}

function boundText(ms: number): string {
  if (ms < 1000) return `${ms}ms`;
  return ms % 60_000 === 0 ? `${ms / 60_000}m` : `${ms / 1000}s`;
}

/** 0 to 100, of `1`, `0.5` or `12.5%`. */
export function readPercent(fields: Fields, name: string): number | undefined {
  const word = readWord(fields, name);
  if (word === undefined) return undefined;
  const percent = Number(/^(\d+(?:\.\d+)?)%?$/.exec(word)?.[1] ?? Number.NaN);
  if (percent >= 0 && percent <= 100) return percent;
  fields.at(name).wrong(`${quote(word)} is no percentage`, 'from 0 to 100 is allowed, such as 1%');
  return undefined;
}

/** One text, or a list of them. */
export function readWords(fields: Fields, name: string): string[] | undefined {
  const value = present(fields, name);
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return fields.texts(name);
  const word = readWord(fields, name);
  return word === undefined ? undefined : [word];
}

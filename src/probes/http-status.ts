// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';

/** Statuses from `first` to `last`, both included. */
export interface StatusRange {
  first: number;
  last: number;
}

/** Without an expectation: what a server answers to a request that it can serve. */
const usualStatuses: readonly StatusRange[] = [{ first: 100, last: 399 }];

function statusRange(word: string): StatusRange {
  const [, digit] = /^([1-5])xx$/i.exec(word) ?? [];
  if (digit !== undefined) return { first: Number(digit) * 100, last: Number(digit) * 100 + 99 };
  const [, first, last = first] = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(word) ?? [];
  if (first !== undefined && Number(first) <= Number(last)) return { first: Number(first), last: Number(last) };
  throw new Failure('usage', `"${word}" is not an HTTP status`, {
    hint: 'write 200, 2xx, 200-299, or a list: 200,301',
  });
}

/** `200`, `2xx`, `200-299` or a list of them. Throws a usage Failure. */
export function parseStatuses(text: string): StatusRange[] {
  return text.split(',').map((word) => statusRange(word.trim()));
}

/** Whether a status is one of those; without any, whether it is below 400. */
export function isStatusExpected(status: number, expected: readonly StatusRange[] = usualStatuses): boolean {
  return expected.some(({ first, last }) => status >= first && status <= last);
}

/** Status ranges as a person writes them. */
export function statusText(expected: readonly StatusRange[]): string {
  return expected.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

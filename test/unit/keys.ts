// SPDX-License-Identifier: Apache-2.0
import type { Summary } from '../../src/model/report.js';

/** Every key of a type, `required` or `optional`, to be held against a schema; the compiler sees to it that none is missing or wrong. */
export type Keys<T> = { [K in keyof T]-?: undefined extends T[K] ? 'optional' : 'required' };
export const required = 'required';
export const optional = 'optional';

export const summaryKeys: Keys<Summary> = {
  total: required,
  pass: required,
  fail: required,
  inconclusive: required,
  unsupported: required,
  error: required,
};

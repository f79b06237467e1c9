// SPDX-License-Identifier: Apache-2.0
import { words, type Wanted } from './wanted.js';

/** Words of a list that is written with commas: the last one, of those that are not there yet. */
export function commaWords(start: string, list: readonly string[]): Wanted {
  const given = start.split(',').slice(0, -1);
  const before = given.map((word) => `${word},`).join('');
  return words(...list.filter((word) => !given.includes(word)).map((word) => before + word));
}

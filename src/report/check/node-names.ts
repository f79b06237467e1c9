// SPDX-License-Identifier: Apache-2.0
import { plainText } from '../plain-text.js';
import { uniqueCuts } from '../unique-cuts.js';
import { displayWidth } from '../text-width.js';

/** Names of nodes for people, in their order: without the domain where all have the same one and differ without it. */
export function nodeNames(names: readonly string[]): string[] {
  const plain = names.map(plainText);
  const [first = ''] = plain;
  // The longest domain is the one that begins at the first dot.
  for (let dot = first.indexOf('.'); dot > 0; dot = first.indexOf('.', dot + 1)) {
    const domain = first.slice(dot);
    const short = plain.map((name) => (name.endsWith(domain) ? name.slice(0, -domain.length) : ''));
    if (names.length > 1 && short.every((name) => name !== '') && new Set(short).size === new Set(names).size)
      return short;
  }
  return plain;
}

/** The least width from `least` to `most` at which names that are cut can still be told apart; `least` where there is none. */
export function leastWidth(names: readonly string[], least: number, most: number): number {
  const different = [...new Set(names)];
  for (let width = least; width <= most; width++) {
    const cut = uniqueCuts(different, width, width);
    if (cut !== undefined) return Math.max(width, 0);
    if (different.every((name) => displayWidth(name) <= width)) break;
  }
  return least;
}

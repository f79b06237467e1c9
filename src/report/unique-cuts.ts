// SPDX-License-Identifier: Apache-2.0
import { displayWidth, shortenMiddle } from './text-width.js';

/** The narrowest widths from `least` to `most` that cut names may have and still be told apart; undefined where there is none. */
export function uniqueCuts(names: readonly string[], least: number, most: number): string[] | undefined {
  const widest = Math.max(0, ...names.map(displayWidth));
  for (let width = Math.min(most, widest); width >= Math.min(least, widest); width--) {
    const cut = names.map((name) => shortenMiddle(name, width));
    if (new Set(cut).size === names.length) return cut;
  }
  return undefined;
}

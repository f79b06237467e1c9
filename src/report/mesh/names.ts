// SPDX-License-Identifier: Apache-2.0
import type { MeshMember } from '../../model/mesh.js';
import { plainText } from '../plain-text.js';
import { displayWidth, shortenMiddle } from '../text-width.js';

/** Names for people: without the namespace where all are of one, or where the rest says which is meant. */
export function displayNames(members: readonly MeshMember[]): string[] {
  const bare = members.map(({ name, namespace }) =>
    plainText(namespace === undefined ? name : name.slice(namespace.length + 1)),
  );
  const count = new Map<string, number>();
  for (const each of bare) count.set(each, (count.get(each) ?? 0) + 1);
  return members.map(({ name }, index) => {
    const short = bare[index] ?? '';
    return count.get(short) === 1 ? short : plainText(name);
  });
}

/** The narrowest widths from `least` to `most` that cut names may have and still be told apart; undefined where there is none. */
export function uniqueCuts(names: readonly string[], least: number, most: number): string[] | undefined {
  const widest = Math.max(0, ...names.map(displayWidth));
  for (let width = Math.min(most, widest); width >= Math.min(least, widest); width--) {
    const cut = names.map((name) => shortenMiddle(name, width));
    if (new Set(cut).size === names.length) return cut;
  }
  return undefined;
}

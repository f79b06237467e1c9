// SPDX-License-Identifier: Apache-2.0
import { nextOnRing, ringOf } from '../../model/ring.js';

/** From this many members on, the own one among them, only neighbours are probed. */
export const manyMembers = 50;

/**
 * The members that `own` probes: all others where there are fewer than 50 members or `k` is 0, else the next `k` on a
 * ring of SHA-256 hashes of the names. So each member is probed by exactly `k` others, and one that comes or goes
 * changes one entry in `k` lists. The same for any order of `members`, and whether `own` is one of them or not.
 */
export function neighboursOf(own: string, members: Iterable<string>, k: number): string[] {
  const names = new Set(members).add(own);
  if (k <= 0 || names.size < manyMembers) return [...names].filter((name) => name !== own).sort();
  return nextOnRing(ringOf(names), own, k);
}

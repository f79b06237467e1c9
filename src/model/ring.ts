// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';

/** Names in the order of their SHA-256 hashes: the same for any order of `names`, and a place for each that has nothing to do with its neighbours' names. */
export function ringOf(names: Iterable<string>): string[] {
  return [...new Set(names)]
    .map((name) => ({ name, place: createHash('sha256').update(name).digest('hex') }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ name }) => name);
}

/**
 * The next `k` on the ring after `own`, which must be on it. So each member is the neighbour of exactly `k` others, and
 * one that comes or goes changes one entry in `k` lists.
 */
export function nextOnRing(ring: readonly string[], own: string, k: number): string[] {
  const self = ring.indexOf(own);
  return [...ring.slice(self + 1), ...ring.slice(0, self)].slice(0, k);
}

// SPDX-License-Identifier: Apache-2.0
import { nextOnRing, ringOf } from '../model/ring.js';

/**
 * The nodes that each node's agents are to reach: the next `k` on a ring of hashes of the nodes' names, in order of
 * their names; all others where `k` is 0 or there are at most k + 1 nodes. Never the node itself.
 */
export function nodeNeighbours(nodes: Iterable<string>, k: number): (own: string) => string[] {
  const ring = ringOf(nodes);
  const names = [...ring].sort();
  return (own) => {
    const withOwn = ring.includes(own) ? ring : ringOf([...ring, own]);
    if (k <= 0 || withOwn.length <= k + 1) return names.filter((name) => name !== own);
    return nextOnRing(withOwn, own, k).sort();
  };
}

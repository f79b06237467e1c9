// SPDX-License-Identifier: Apache-2.0

/**
 * The number by which the rules of one shape are told from another's in the kernel: the root's `r2q`, which nothing else
 * depends on, because our class has a quantum of its own (tc-htb(8)). From the token that the shape began with.
 */
export function markOf(token: string): number {
  // FNV-1a; 31 bits without 0 and the greatest.
  let hash = 0x811c_9dc5;
  for (const character of token) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x0100_0193);
  return ((hash >>> 1) % 0x7fff_fffd) + 1;
}

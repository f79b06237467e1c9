// SPDX-License-Identifier: Apache-2.0

const mostNames = 5;

/** `a`, `a and b`, `a, b and c`, `a, b, c, d, e and 95 more`. */
export function listed(names: Iterable<string>): string {
  const all = [...new Set(names)].sort();
  if (all.length > mostNames + 1) return `${all.slice(0, mostNames).join(', ')} and ${all.length - mostNames} more`;
  const last = all.at(-1) ?? '';
  return all.length < 2 ? last : `${all.slice(0, -1).join(', ')} and ${last}`;
}

/** `from node2`, or `from any node` where that is what it is. */
export function fromNodes(nodes: Iterable<string>, everyNode: ReadonlySet<string>): string {
  const distinct = new Set(nodes);
  return distinct.size > 1 && distinct.size === everyNode.size ? 'from any node' : `from ${listed(distinct)}`;
}

/** Names in order, each once. */
export function distinct(names: Iterable<string>): string[] {
  return [...new Set(names)].sort();
}

// SPDX-License-Identifier: Apache-2.0

/** Clocks that agree so far are taken for right together; an answer's way from a busy node takes a part of it. */
const agreementMs = 2000;

/** How far agents' clocks are from ours, and what that says of ours. */
export interface Skews<Key> {
  /** Ms that are ahead of ours; where only ours differs, ahead of their common time. */
  byAgent: Map<Key, number>;
  warning: string | undefined;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/**
 * Which clocks are wrong: two or more nodes that agree with one another, and not with us, are right, and the clock of this
 * computer is not.
 */
export function judgeSkews<Key>(measured: ReadonlyMap<Key, number>, nodes: number): Skews<Key> {
  const all = [...measured.values()];
  const common = median(all);
  const agree = all.every((each) => Math.abs(each - common) <= agreementMs);
  if (nodes < 2 || !agree || Math.abs(common) <= agreementMs) return { byAgent: new Map(measured), warning: undefined };
  const seconds = (Math.abs(common) / 1000).toFixed(1);
  return {
    byAgent: new Map([...measured].map(([key, each]) => [key, each - common])),
    warning: `the clock of this computer is ${seconds} s ${common > 0 ? 'behind' : 'ahead of'} those of all nodes`,
  };
}

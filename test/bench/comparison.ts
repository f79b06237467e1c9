// SPDX-License-Identifier: Apache-2.0

/** One way to do the same job; resolves with its cost (ms, MB) and rejects when the job was not done. */
export interface Contender {
  name: string;
  run: (round: number) => Promise<number>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * The costs of all contenders, by name, in `rounds` rounds. In each round everyone runs once, and another one begins
 * each time: what slows the machine down for a while slows all of them.
 */
export async function interleave(contenders: readonly Contender[], rounds: number): Promise<Map<string, number[]>> {
  const costs = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(round + turn) % contenders.length];
      if (contender !== undefined) costs.get(contender.name)?.push(await contender.run(round));
    }
  }
  return costs;
}

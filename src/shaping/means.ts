// SPDX-License-Identifier: Apache-2.0
import type { Direction, Effects } from '../model/shaping.js';
import { kernelLacks } from './kernel-support.js';
import type { KernelFeature, PodInspection, ShapePlan } from './pod-network.js';

/** What does the work, the same in both directions: a queue, nftables before it, or one of them. */
export interface Means {
  leaf?: 'netem' | 'tbf';
  nft: boolean;
}

/** In the order of preference. */
const choices: readonly Means[] = [
  { leaf: 'netem', nft: false },
  { leaf: 'tbf', nft: false },
  { nft: true },
  { leaf: 'tbf', nft: true },
];

/** Whether these means can do the effects, whatever the kernel has. */
export function canDo({ leaf, nft }: Means, effects: Effects): boolean {
  if (leaf === 'netem') return true;
  const { loss, partition, rateBitsPerSecond, ...others } = effects;
  if (Object.keys(others).length > 0) return false;
  if (loss !== undefined && (loss.model !== 'random' || loss.correlationPercent !== undefined)) return false;
  return (
    (leaf === 'tbf') === (rateBitsPerSecond !== undefined) && nft === (loss !== undefined || partition !== undefined)
  );
}

/** The parts of the kernel that the means need. The root qdisc, which is the mark and the lock, is always there. */
function featuresOf({ leaf, nft }: Means, { loss }: Effects, direction: Direction): KernelFeature[] {
  const incoming = direction !== 'egress';
  return [
    'htb',
    ...(leaf === undefined ? [] : ([leaf, 'u32'] as const)),
    ...(nft ? (['nft'] as const) : []),
    ...(nft && loss !== undefined ? (['nftNumgen'] as const) : []),
    ...(leaf !== undefined && incoming ? (['ifb'] as const) : []),
    // With both, it is nft that hands the packets on.
    ...(leaf !== undefined && incoming && !nft ? (['ingress', 'mirred'] as const) : []),
  ];
}

/** The first of the means that this kernel has; Failure `unsupported` where it has none for all effects. */
export function chooseMeans(effects: Effects, direction: Direction, inspection: PodInspection): Means {
  const able = choices.filter((means) => canDo(means, effects));
  const lacking = able.map((means) =>
    featuresOf(means, effects, direction).filter((feature) => !inspection.supports.has(feature)),
  );
  const found = able.find((_, index) => lacking[index]?.length === 0);
  if (found !== undefined) return found;
  throw kernelLacks(effects, lacking, inspection);
}

export const namesOf = ({ leaf, nft }: Means): string[] => [
  ...(leaf === undefined ? [] : [leaf]),
  ...(nft ? ['nft'] : []),
];

/** The means of a plan, from what it says of them. */
export function meansOf({ by }: Pick<ShapePlan, 'by'>): Means {
  const leaf = by.includes('netem') ? 'netem' : by.includes('tbf') ? 'tbf' : undefined;
  return { ...(leaf === undefined ? {} : { leaf }), nft: by.includes('nft') };
}

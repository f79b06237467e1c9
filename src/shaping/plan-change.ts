// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util';
import type { Effects } from '../model/shaping.js';
import { addFilterLines, deleteFilterLine, filtersOf } from './filter-lines.js';
import { filterDifferences, ownFilters } from './filter-readback.js';
import { leafOf } from './leaf-readback.js';
import { canDo, type Means } from './means.js';
import { netemWordsInFull } from './netem.js';
import { hookOf } from './nft-readback.js';
import { ownershipOf } from './ownership.js';
import { ifbName, leafHandle, shapedClass, sidesOf, type Generation, type Side } from './places.js';
import type { PlanChange, PodNetwork } from './pod-network.js';
import { isSwapped, nftRuleLines, type Rule } from './shape-plan.js';
import { tbfWords } from './tbf.js';

/**
 * What makes a shape of ours another one in place: queued packets survive, and no packet is neither under the old nor under
 * the new rule. Undefined where that cannot be: other means, directions or interface, or a distribution that has to go. `rule` is
 * what is in place, as far as it is known.
 */
export function planChange(
  before: { rule?: Rule | undefined; network: PodNetwork },
  rule: Rule,
  device: string,
): PlanChange | undefined {
  const { network } = before;
  const ownership = ownershipOf(network, device);
  if (ownership.state !== 'ours' || ownership.device !== device) return undefined;
  const means = meansInPlace(network, device, sidesOf(rule.direction));
  if (means === undefined || !canDo(means, rule.effects)) return undefined;
  if (means.leaf === 'netem' && keepsDistribution(before.rule?.effects, rule.effects)) return undefined;
  const sides = sidesOf(rule.direction);
  return {
    tc: [
      ...(isDeepStrictEqual(before.rule?.effects, rule.effects) ? [] : leafChanges(sides, device, means, rule.effects)),
      ...sides.flatMap((side) =>
        means.leaf === undefined || (means.nft && side === 'ingress') ? [] : filterChanges(network, rule, device, side),
      ),
    ],
    nft: means.nft ? [...sides.flatMap((side) => nftRuleLines(rule, means, side)), ''].join('\n') : '',
  };
}

/** What does the work now; undefined where it is not done on exactly these sides, and by the same on each. */
function meansInPlace(network: PodNetwork, device: string, sides: readonly Side[]): Means | undefined {
  const found = (['egress', 'ingress'] as const).map((side) => {
    const kind = leafOf(network, side === 'egress' ? device : ifbName)?.kind;
    return { side, leaf: kind, nft: hookOf(network.nft, side) !== undefined };
  });
  const working = found.filter(({ leaf, nft }) => leaf !== undefined || nft);
  if (
    !isDeepStrictEqual(
      working.map(({ side }) => side),
      sides,
    )
  )
    return undefined;
  const [first, ...others] = working;
  if (first === undefined || others.some(({ leaf, nft }) => leaf !== first.leaf || nft !== first.nft)) return undefined;
  const { leaf, nft } = first;
  if (leaf === undefined) return { nft };
  return leaf === 'netem' || leaf === 'tbf' ? { leaf, nft } : undefined;
}

/** The kernel has no word to take a distribution away: it would shape the new jitter too. */
function keepsDistribution(before: Effects | undefined, { delay }: Effects): boolean {
  if (delay?.jitterUs === undefined || delay.distribution !== undefined) return false;
  return before === undefined || before.delay?.distribution !== undefined;
}

function leafChanges(sides: readonly Side[], device: string, { leaf }: Means, effects: Effects): string[] {
  if (leaf === undefined) return [];
  const words = leaf === 'netem' ? netemWordsInFull(effects) : tbfWords(effects.rateBitsPerSecond ?? 0);
  return sides.map(
    (side) =>
      `qdisc change dev ${side === 'egress' ? device : ifbName} parent ${shapedClass} handle ${leafHandle} ${leaf} ${words}`,
  );
}

/** Adds the filters of the other generation and then deletes those that are there: what is meant first, so that nothing left alone is met by the old ones. */
function filterChanges(network: PodNetwork, rule: Rule, device: string, side: Side): string[] {
  const wanted = filtersOf(rule.scope, side, isSwapped(rule, side));
  if (filterDifferences(network, wanted, device, side).length === 0) return [];
  const present = ownFilters(network, device, side);
  const live = present[0]?.generation ?? 1;
  const next = live === 0 ? 1 : 0;
  // What a change left that was ended half-way is in the place of the next.
  const deletions = (generation: Generation): string[] =>
    [
      ...new Map(
        present.filter((filter) => filter.generation === generation).map((each) => [each.preference, each]),
      ).values(),
    ]
      .reverse()
      .map(({ protocol, preference }) => deleteFilterLine(device, side, protocol, preference));
  return [...deletions(next), ...addFilterLines(wanted, device, side, next), ...deletions(live)];
}

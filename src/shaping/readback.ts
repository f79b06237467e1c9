// SPDX-License-Identifier: Apache-2.0
import { filterDifferences } from './filter-readback.js';
import { filtersOf } from './filter-lines.js';
import { leafDifferences, leafOf } from './leaf-readback.js';
import { meansOf, type Means } from './means.js';
import { counterOf, hookOf, listedRules, normalRule } from './nft-readback.js';
import { droppedCounter, effectChain, effectRules, matchedCounter, selectingRules } from './nft-script.js';
import { ifbName, shapedClass, sidesOf, type Side } from './places.js';
import type { PodNetwork, ShapePlan } from './pod-network.js';
import { isSwapped, type Rule } from './shape-plan.js';
import { everything } from './u32.js';

/** What the kernel has otherwise than it was asked for, a line each; nothing where all is as planned. */
export function readbackDifferences(
  rule: Rule,
  plan: Pick<ShapePlan, 'interface' | 'by'>,
  network: PodNetwork,
): string[] {
  const means = meansOf(plan);
  const device = plan.interface;
  const sides = sidesOf(rule.direction);
  const nothing: Means = { nft: means.nft };
  return [
    ...leafDifferences(network, device, sides.includes('egress') ? means : nothing, rule.effects),
    ...(means.leaf !== undefined && sides.includes('ingress') ? ifbDifferences(network, means, rule) : []),
    ...sides.flatMap((side) => sideDifferences(rule, device, means, side, network)),
  ];
}

function ifbDifferences(network: PodNetwork, means: Means, rule: Rule): string[] {
  const ifb = network.interfaces.find(({ name }) => name === ifbName);
  const all = ([4, 6] as const).map((family) => ({ family, meant: true, match: everything }));
  return [
    ...(ifb?.up === true ? [] : [`interface ${ifbName} is ${ifb === undefined ? 'missing' : 'down'}`]),
    ...leafDifferences(network, ifbName, means, rule.effects),
    ...filterDifferences(network, all, ifbName, 'egress'),
  ];
}

function sideDifferences(rule: Rule, device: string, means: Means, side: Side, network: PodNetwork): string[] {
  const swapped = isSwapped(rule, side);
  if (!means.nft) return filterDifferences(network, filtersOf(rule.scope, side, swapped), device, side);
  return [
    ...(means.leaf === undefined || side === 'ingress'
      ? []
      : filterDifferences(network, filtersOf(rule.scope, side, swapped), device, side)),
    ...(hookOf(network.nft, side) === side ? [] : [`nft has no chain at the ${side} hook`]),
    ...ruleDifferences(network, side, selectingRules(rule.scope, side, swapped)),
    ...ruleDifferences(network, effectChain(side), effectRules(rule.effects, means, side)),
  ];
}

function ruleDifferences(network: PodNetwork, chain: string, asked: readonly string[]): string[] {
  const shown = listedRules(network.nft, chain).map(normalRule);
  const wanted = asked.map(normalRule);
  const index = wanted.findIndex((words, place) => words !== shown[place]);
  if (index === -1 && shown.length === wanted.length) return [];
  const place = index === -1 ? wanted.length : index;
  return [`nft chain ${chain}: rule ${place + 1} is "${shown[place] ?? ''}", not "${wanted[place] ?? ''}"`];
}

export interface ShapeCounters {
  packets: number;
  bytes: number;
  droppedPackets: number;
}

/** Packets that the rule was applied to, those dropped and those still waiting included, and those of them that it dropped. Of what a queue dropped the bytes are not known. */
export function countersOf(network: PodNetwork): ShapeCounters {
  const sides: readonly Side[] = ['egress', 'ingress'];
  const total: ShapeCounters = { packets: 0, bytes: 0, droppedPackets: 0 };
  const seenByNft = new Set<string>();
  for (const side of sides) {
    const matched = counterOf(network.nft, matchedCounter(side));
    if (matched === undefined) continue;
    seenByNft.add(side);
    total.packets += matched.packets;
    total.bytes += matched.bytes;
    total.droppedPackets += counterOf(network.nft, droppedCounter(side))?.packets ?? 0;
  }
  for (const { dev } of network.qdiscs.filter(({ parent }) => parent === shapedClass)) {
    const leaf = leafOf(network, dev);
    if (leaf === undefined) continue;
    const { packets = 0, bytes = 0, drops = 0, qlen = 0 } = leaf;
    total.droppedPackets += drops;
    // What nft let through has been counted.
    if (seenByNft.has(dev === ifbName ? 'ingress' : 'egress')) continue;
    total.packets += packets + drops + qlen;
    total.bytes += bytes;
  }
  return total;
}

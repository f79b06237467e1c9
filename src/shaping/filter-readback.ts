// SPDX-License-Identifier: Apache-2.0
import { protocolName, type U32Key } from './u32.js';
import { parseShownFilters, type ShownFilter } from './u32-text.js';
import type { Filter } from './filter-lines.js';
import { generationOf, ifbName, type Generation, type Side } from './places.js';
import type { PodNetwork } from './pod-network.js';

/** Our own filters of one side of an interface, in the order in which they are asked, with their generations. */
export function ownFilters(
  { filters }: PodNetwork,
  device: string,
  side: Side,
): (ShownFilter & { generation: Generation })[] {
  return filters
    .filter(({ dev, hook }) => dev === device && hook === side)
    .flatMap(({ text }) => parseShownFilters(text))
    .flatMap((filter) => {
      const generation = generationOf(filter.preference, side);
      return generation === undefined ? [] : [{ ...filter, generation }];
    })
    .sort((one, other) => one.preference - other.preference);
}

const keysText = (keys: readonly U32Key[]): string =>
  keys.map(({ value, mask, at }) => `${value.toString(16)}/${mask.toString(16)}@${at}`).join(' ');

function askedText({ family, match, meant }: Filter): string {
  return `${protocolName[family]} ${keysText(match.keys)} ${meant ? 'meant' : 'left alone'}`;
}

/** Where packets go that an own filter selects: the class that is shaped, the ifb, or past both. */
function shownText({ protocol, keys, flow, redirectTo }: ShownFilter, side: Side): string {
  const isMeant = side === 'egress' ? flow === '6e6d:1' : redirectTo === ifbName;
  const isAlone = side === 'egress' ? flow === '6e6d:' || flow === '6e6d:0' : flow === ':1' && redirectTo === undefined;
  return `${protocol} ${keysText(keys)} ${isMeant ? 'meant' : isAlone ? 'left alone' : `to ${redirectTo ?? flow ?? 'nowhere'}`}`;
}

/**
 * What of one side's filters is not as it should be, a line each. Filters of one protocol that do the same may stand in any
 * order; all that leave packets alone have to stand before those that mean them.
 */
export function filterDifferences(network: PodNetwork, asked: readonly Filter[], device: string, side: Side): string[] {
  const where = `filters of ${device}, ${side}`;
  const shown = ownFilters(network, device, side);
  const shownTexts = shown.map((filter) => shownText(filter, side));
  const missing = withoutEach(asked.map(askedText), shownTexts);
  const extra = withoutEach(shownTexts, asked.map(askedText));
  const firstMeant = shownTexts.findIndex((text) => text.endsWith('meant'));
  const isMixed = firstMeant !== -1 && shownTexts.slice(firstMeant).some((text) => text.endsWith('left alone'));
  return [
    ...missing.map((text) => `${where}: "${text}" is missing`),
    ...extra.map((text) => `${where}: "${text}" was not asked for`),
    ...(isMixed ? [`${where}: something left alone stands behind what is meant`] : []),
  ];
}

/** The first list without the elements of the second, each as often as it is there. */
function withoutEach(texts: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const other of others) left.set(other, (left.get(other) ?? 0) + 1);
  return texts.filter((text) => {
    const count = left.get(text) ?? 0;
    left.set(text, count - 1);
    return count <= 0;
  });
}

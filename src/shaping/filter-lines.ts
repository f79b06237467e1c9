// SPDX-License-Identifier: Apache-2.0
import type { Family } from './cidr.js';
import {
  directClass,
  firstPreference,
  ifbName,
  preferencesPerGeneration,
  rootHandle,
  shapedClass,
  type Generation,
  type Side,
} from './places.js';
import { selectorsOf, type Scope } from './scope.js';
import { everything, matchOf, neighbourDiscovery, protocolName, type U32Match } from './u32.js';

/** A filter of ours: packets that it selects are left alone or meant. */
export interface Filter {
  family: Family;
  meant: boolean;
  match: U32Match;
}

/** u32 has at most 2,048 filters of one preference. */
const filtersPerPreference = 2000;

/** What one side's filters have to be, in the order in which they are asked. */
export function filtersOf(scope: Scope, side: Side, swapped: boolean): Filter[] {
  const { exempt, meant } = selectorsOf(scope, swapped);
  const peerIs = side === 'egress' ? 'destination' : 'source';
  const filters = [
    ...neighbourDiscovery.map((match) => ({ family: 6 as const, meant: false, match })),
    ...exempt.map((selector) => ({ family: selector.family, meant: false, match: matchOf(selector, peerIs) })),
    ...meant.map((selector) => ({ family: selector.family, meant: true, match: matchOf(selector, peerIs) })),
  ];
  // Neighbour discovery is left alone only where something of IPv6 is meant.
  return filters.filter(({ family }) => meant.some((selector) => selector.family === family));
}

/** Filters that have one preference: of one protocol, and all left alone or all meant. */
interface Group {
  family: Family;
  filters: readonly Filter[];
}

function groupsOf(filters: readonly Filter[]): Group[] {
  return [false, true].flatMap((meant) =>
    ([4, 6] as const).flatMap((family) => {
      const alike = filters.filter((filter) => filter.meant === meant && filter.family === family);
      const groups: Group[] = [];
      for (let start = 0; start < alike.length; start += filtersPerPreference) {
        groups.push({ family, filters: alike.slice(start, start + filtersPerPreference) });
      }
      return groups;
    }),
  );
}

const hookOf = (side: Side): string => (side === 'egress' ? `parent ${rootHandle}` : 'ingress');

/** What is done to packets. On the way in, a filter without an action lets them pass, past the filters behind it. */
const targets: Readonly<Record<Side, { alone: string; meant: string }>> = {
  egress: { alone: `flowid ${directClass}`, meant: `flowid ${shapedClass}` },
  ingress: { alone: 'flowid :1', meant: `action mirred egress redirect dev ${ifbName}` },
};

/** tc(8)'s lines for filters of one generation; those of what is left alone come first, as they have to be there first. */
export function addFilterLines(
  filters: readonly Filter[],
  device: string,
  side: Side,
  generation: Generation,
): string[] {
  const first = firstPreference[side] + generation * preferencesPerGeneration;
  return groupsOf(filters).flatMap(({ family, filters: group }, index) =>
    group.map(
      ({ meant, match }) =>
        `filter add dev ${device} ${hookOf(side)} protocol ${protocolName[family]} pref ${first + index} u32 ${match.words} ${
          targets[side][meant ? 'meant' : 'alone']
        }`,
    ),
  );
}

/** Deletes all filters of one preference. */
export function deleteFilterLine(device: string, side: Side, protocol: string, preference: number): string {
  return `filter del dev ${device} ${hookOf(side)} protocol ${protocol} pref ${preference}`;
}

/** Everything that has been redirected to our ifb is meant. */
export function redirectedFilterLines(): string[] {
  const filters = ([4, 6] as const).map((family) => ({ family, meant: true, match: everything }));
  return addFilterLines(filters, ifbName, 'egress', 0);
}

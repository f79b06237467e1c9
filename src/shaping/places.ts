// SPDX-License-Identifier: Apache-2.0
import type { Direction } from '../model/shaping.js';

/** "nm": the root qdisc that takes an interface and marks it as ours. */
export const rootHandle = '6e6d:';
export const shapedClass = '6e6d:1';
/** htb's direct queue: past everything. */
export const directClass = '6e6d:0';
export const leafHandle = '6e6e:';

/** Incoming packets take the way over this one, so that they can wait. */
export const ifbName = 'nm-ifb';

export const nftTable = 'netmachinery';

/** Filters have preferences of one of two generations: those of the next are added before those of the last are deleted. */
export type Generation = 0 | 1;

export const preferencesPerGeneration = 100;

/** Where the preferences of our filters begin: of what leaves, by our own root; of what comes in, beside those of others (0x6e6d). */
export const firstPreference = { egress: 100, ingress: 28269 } as const;

export type Side = keyof typeof firstPreference;

/** The sides of the interface that a rule is about. */
export function sidesOf(direction: Direction): readonly Side[] {
  return direction === 'both' ? ['egress', 'ingress'] : [direction];
}

/** The generation of a preference; undefined where it is not one of ours. */
export function generationOf(preference: number, side: Side): Generation | undefined {
  const index = Math.floor((preference - firstPreference[side]) / preferencesPerGeneration);
  return index === 0 || index === 1 ? index : undefined;
}

// SPDX-License-Identifier: Apache-2.0
import type { TargetKind } from '../model/check.js';
import type { Observation } from './observation.js';

/** What agents found of everything but each other, by who found it. */
export interface ServiceContext {
  failed: readonly Observation[];
  /** Of one agent and kind, those that failed and those that worked. */
  of: (source: Observation, kind: TargetKind) => readonly Observation[];
  /** All of one kind. */
  ofKind: (kind: TargetKind) => readonly Observation[];
  /** The nodes whose reports are judged. */
  judgedNodes: ReadonlySet<string>;
  /** The node whose own address this is. */
  nodeOf: (address: string) => string | undefined;
}

/** Items with the same key, in their order. */
export function grouped<Item>(items: Iterable<Item>, key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const known = groups.get(key(item));
    if (known === undefined) groups.set(key(item), [item]);
    else known.push(item);
  }
  return groups;
}

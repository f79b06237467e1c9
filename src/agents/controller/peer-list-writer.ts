// SPDX-License-Identifier: Apache-2.0
import pLimit from 'p-limit';
import { NamespaceLane, type LaneOptions, type ListState } from './namespace-lane.js';
import type { ListPlace, WantedList } from './peer-lists.js';

/** How many namespaces are written to at once. */
const atOnce = 8;

/** Writes peer lists, each namespace for itself. */
export class PeerListWriter {
  private readonly lanes = new Map<string, NamespaceLane>();
  private readonly options: LaneOptions;

  constructor(options: Omit<LaneOptions, 'limit'>) {
    const limit = pLimit(atOnce);
    this.options = { ...options, limit: (work) => limit(work) };
  }

  /** Goes on with exactly these lists. */
  want(lists: Iterable<WantedList>): void {
    const byNamespace = new Map<string, Map<string, WantedList>>();
    for (const list of lists) {
      const found = byNamespace.get(list.namespace) ?? new Map<string, WantedList>();
      byNamespace.set(list.namespace, found.set(list.name, list));
    }
    for (const [namespace, lane] of this.lanes) {
      if (byNamespace.has(namespace)) continue;
      lane.stop();
      this.lanes.delete(namespace);
    }
    for (const [namespace, wanted] of byNamespace) {
      const lane = this.lanes.get(namespace) ?? new NamespaceLane(namespace, this.options);
      this.lanes.set(namespace, lane);
      lane.want(wanted);
    }
  }

  /** Looks at all of them again. */
  review(): void {
    for (const lane of this.lanes.values()) lane.review();
  }

  /** Undefined: not tried yet. */
  stateOf({ namespace, name }: Pick<ListPlace, 'namespace' | 'name'>): ListState | undefined {
    return this.lanes.get(namespace)?.states.get(name);
  }

  stop(): void {
    for (const lane of this.lanes.values()) lane.stop();
  }
}

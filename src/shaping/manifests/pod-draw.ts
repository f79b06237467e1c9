// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { Pod } from '../../kube/objects.js';
import type { PodMode } from './shape-target.js';

interface Ticket {
  pod: Pod;
  key: number;
}

/** Draws pods as pages come, each subset as likely as any other; holds no more of them than may be taken. */
export class PodDraw {
  private readonly tickets: Record<'running' | 'other', Ticket[]> = { running: [], other: [] };
  private readonly count = { running: 0, other: 0 };

  constructor(
    /** What selects them, for messages. */
    private readonly text: string,
    private readonly mode: PodMode,
    private readonly maxPods: number,
    /** In [0, 1). */
    private readonly random: () => number,
  ) {}

  offer(pod: Pod): void {
    const pool = pod.status?.phase === 'Running' ? 'running' : 'other';
    this.count[pool]++;
    const tickets = this.tickets[pool];
    tickets.push({ pod, key: this.random() });
    // The smallest keys win; sorting at twice the size keeps the cost of a ticket constant.
    if (tickets.length >= 2 * this.maxPods) this.cut(tickets);
  }

  private cut(tickets: Ticket[]): void {
    tickets.sort((a, b) => a.key - b.key).splice(this.maxPods);
  }

  /** Those drawn, by namespace and name; empty where nothing was offered. Throws Failure `usage` for more than `maxPods`. */
  drawn(): Pod[] {
    const total = this.count.running + this.count.other;
    const pools =
      this.mode.take === 'all' || this.count.running === 0 ? (['running', 'other'] as const) : (['running'] as const);
    const available = pools.reduce((sum, pool) => sum + this.count[pool], 0);
    const wanted = this.wanted(available);
    if (total > 0 && wanted === 0) {
      throw new Failure('notFound', `the share that is asked for of ${this.text} (${available}) is less than one pod`);
    }
    if (wanted > this.maxPods) {
      throw new Failure('usage', `${this.text}: that is ${wanted} pods, more than --max-pods ${this.maxPods}`, {
        hint: `use --max-pods ${wanted}`,
      });
    }
    const tickets = pools.flatMap((pool) => this.tickets[pool]);
    this.cut(tickets);
    return tickets
      .slice(0, wanted)
      .map(({ pod }) => pod)
      .sort(byNamespaceAndName);
  }

  private wanted(available: number): number {
    switch (this.mode.take) {
      case 'all':
        return available;
      case 'count':
        return Math.min(available, this.mode.count);
      case 'percent':
        return Math.floor((available * this.mode.percent) / 100);
      case 'upToPercent':
        return Math.floor((available * Math.floor(this.random() * (this.mode.percent + 1))) / 100);
    }
  }
}

function byNamespaceAndName(a: Pod, b: Pod): number {
  const [left, right] = [a, b].map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`);
  if (left === right) return 0;
  return (left ?? '') < (right ?? '') ? -1 : 1;
}

// SPDX-License-Identifier: Apache-2.0
import { asFailure } from '../../errors/failure.js';
import { Backoff } from '../../kube/backoff.js';
import type { Cluster } from '../../kube/cluster.js';
import { pause } from '../../kube/pause.js';
import { AgentBook } from './agent-book.js';
import { AgentStore } from './agent-store.js';
import { Judge } from './judge.js';
import { LagWriter } from './lag-writer.js';
import type { CheckServerMetrics } from './metrics.js';
import { Orders } from './orders.js';
import type { CheckPlace } from './place.js';
import { sweep } from './sweep.js';
import type { World } from './world.js';

export interface LeadingOptions {
  cluster: Cluster;
  place: CheckPlace;
  world: World;
  metrics: CheckServerMetrics;
  leastGraceMs: number;
  log: (line: string) => void;
}

/** Sweeps in one interval: an agent is found silent within a third of one. */
const sweepsAnInterval = 3;

/** What the replica that leads holds and does. */
export class Leading {
  readonly book: AgentBook;
  readonly judge: Judge;
  readonly orders: Orders;
  private loaded = false;

  constructor(
    private readonly options: LeadingOptions,
    private readonly signal: AbortSignal,
  ) {
    const { cluster, place, world, metrics, leastGraceMs, log } = options;
    const store = new AgentStore(cluster, place, (result) => metrics.written(result));
    const lag = new LagWriter(store, signal);
    const intervalMs = () => world.settings.check.intervalMs;
    this.book = new AgentBook({ store, lag, signal, intervalMs, leastGraceMs });
    this.judge = new Judge(this.book, world, log);
    this.orders = new Orders(world);
  }

  /** Whether all that was known is known again: nothing is answered before. */
  get isReady(): boolean {
    return this.loaded && this.options.world.isSynced && !this.signal.aborted;
  }

  /** Resolves when the signal aborts. */
  async run(): Promise<void> {
    const { world, log } = this.options;
    await this.load();
    while (!this.signal.aborted) {
      const { intervalMs } = world.settings.check;
      await pause(intervalMs / sweepsAnInterval, this.signal).catch(() => undefined);
      if (this.isReady) await sweep({ book: this.book, world, signal: this.signal, log });
    }
  }

  private async load(): Promise<void> {
    const backoff = new Backoff(500, 5000);
    const isEnded = (): boolean => this.signal.aborted;
    while (!this.loaded && !isEnded()) {
      try {
        await this.book.load();
        this.loaded = true;
      } catch (thrown) {
        if (!isEnded()) this.options.log(`CheckAgents cannot be read: ${asFailure(thrown).message}`);
        await pause(backoff.next(), this.signal).catch(() => undefined);
      }
    }
  }
}

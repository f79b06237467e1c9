// SPDX-License-Identifier: Apache-2.0
import { asFailure, type Failure } from '../../errors/failure.js';
import { Backoff } from '../../kube/backoff.js';
import type { Cluster } from '../../kube/cluster.js';
import { peerListRole } from '../../model/prober.js';
import type { ControllerMetrics } from './metrics.js';
import { isSameList, type WantedList } from './peer-lists.js';
import { isDone, leftAlone, writePeerList, type ListOutcome } from './write-peer-list.js';

const firstRetryMs = 1000;
/** Not long: who has just been allowed to be written to should not have to wait. */
const longestRetryMs = 15_000;

/** How a peer list stands: as it is to be, left alone, or why it could not be written. */
export type ListState = { outcome: ListOutcome } | { failure: Failure };

export interface LaneOptions {
  cluster: Cluster;
  signal: AbortSignal;
  log: (line: string) => void;
  metrics: ControllerMetrics;
  /** Shares the connections to the API server among all namespaces. */
  limit: <T>(work: () => Promise<T>) => Promise<T>;
  /** A state has changed. */
  onChange: () => void;
}

/** Writes the peer lists of one namespace one by one; one that fails waits here, and holds up no other one. */
export class NamespaceLane {
  readonly states = new Map<string, ListState>();
  private wanted = new Map<string, WantedList>();
  private readonly due = new Set<string>();
  /** Those whose last try failed, until the next one is due. */
  private readonly waiting = new Set<string>();
  private readonly told = new Set<string>();
  private readonly backoff = new Backoff(firstRetryMs, longestRetryMs);
  private isRunning = false;
  private retry: NodeJS.Timeout | undefined;

  constructor(
    private readonly namespace: string,
    private readonly options: LaneOptions,
  ) {}

  /** Goes on with exactly these lists, by the names of their ConfigMaps. */
  want(lists: Map<string, WantedList>): void {
    for (const name of this.states.keys()) if (!lists.has(name)) this.forget(name);
    for (const [name, list] of lists) {
      const before = this.wanted.get(name);
      if ((before === undefined || !isSameList(before, list)) && !this.waiting.has(name)) this.due.add(name);
    }
    this.wanted = lists;
    this.start();
  }

  /** Looks at all of them again: somebody may have changed or deleted them. */
  review(): void {
    for (const name of this.wanted.keys()) if (!this.waiting.has(name)) this.due.add(name);
    this.start();
  }

  stop(): void {
    clearTimeout(this.retry);
    this.wanted = new Map();
    this.due.clear();
    this.waiting.clear();
  }

  private isEnded(): boolean {
    return this.options.signal.aborted;
  }

  private forget(name: string): void {
    this.states.delete(name);
    this.due.delete(name);
    this.waiting.delete(name);
  }

  private start(): void {
    if (this.isRunning || this.due.size === 0 || this.isEnded()) return;
    this.isRunning = true;
    void this.options
      .limit(() => this.run())
      .finally(() => {
        this.isRunning = false;
        this.start();
      });
  }

  private async run(): Promise<void> {
    for (const name of [...this.due]) {
      this.due.delete(name);
      const list = this.wanted.get(name);
      if (list === undefined || this.isEnded()) continue;
      const state = await this.write(list);
      if (this.isEnded() || !this.wanted.has(name)) continue;
      this.states.set(name, state);
      if ('failure' in state) {
        this.waiting.add(name);
        // What it is to be may have changed meanwhile: that waits with it.
        this.due.delete(name);
      }
    }
    if (this.isEnded()) return;
    this.options.onChange();
    if (this.waiting.size > 0) this.retryLater();
    else this.allWell();
  }

  private retryLater(): void {
    this.retry ??= setTimeout(() => {
      this.retry = undefined;
      for (const name of this.waiting) this.due.add(name);
      this.waiting.clear();
      this.start();
    }, this.backoff.next());
  }

  private allWell(): void {
    this.backoff.reset();
    const areKept = [...this.states.values()].every((state) => 'outcome' in state && isDone(state.outcome));
    if (this.told.size === 0 || !areKept) return;
    this.options.log(`namespace ${this.namespace}: its peer lists are kept again`);
    this.told.clear();
  }

  private async write(list: WantedList): Promise<ListState> {
    const { cluster, signal, metrics } = this.options;
    try {
      const outcome = await writePeerList(cluster, list, signal);
      if (outcome === 'written') metrics.listWritten();
      if (!isDone(outcome)) this.tell(list.name, leftAlone(list, outcome));
      return { outcome };
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (signal.aborted) return { failure };
      metrics.failed('peer-list', failure.reason ?? failure.code);
      // Somebody was faster: nothing to tell, the next try reads what they wrote.
      if (failure.status === 409) return { failure };
      const isForbidden = failure.code === 'forbidden';
      this.tell(
        isForbidden ? '' : list.name,
        isForbidden
          ? `namespace ${this.namespace}: its peer lists cannot be kept: ${failure.message} (a RoleBinding ${peerListRole} there allows it)`
          : `peer list ${list.namespace}/${list.name}: ${failure.message}`,
      );
      return { failure };
    }
  }

  /** Each thing once, until all is well again. */
  private tell(about: string, line: string): void {
    if (this.told.has(about)) return;
    this.told.add(about);
    this.options.log(line);
  }
}

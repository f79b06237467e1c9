// SPDX-License-Identifier: Apache-2.0
import type { AgentEntry } from './agent-entry.js';
import type { AgentStore } from './agent-store.js';

/** Time between two writes, in ms: 4 a second, however many are due. */
const paceMs = 250;

/** Writes what may lag: one record after the other, evenly in time. What fails is due again with a later report. */
export class LagWriter {
  private readonly due = new Set<AgentEntry>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: AgentStore,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', () => clearTimeout(this.timer), { once: true });
  }

  add(entry: AgentEntry): void {
    this.due.add(entry);
    this.next();
  }

  private next(): void {
    if (this.timer !== undefined || this.signal.aborted || this.due.size === 0) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      const [entry] = this.due;
      if (entry !== undefined) this.write(entry);
      this.next();
    }, paceMs);
  }

  private write(entry: AgentEntry): void {
    this.due.delete(entry);
    entry.writtenMs = performance.now();
    // The metrics count it.
    entry.inTurn(() => this.store.write(entry.record, this.signal)).catch(() => undefined);
  }
}

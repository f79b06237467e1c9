// SPDX-License-Identifier: Apache-2.0
import { checkProbes, type AgentReport, type CheckProbe, type TargetKind } from '../../model/check.js';
import type { AgentRecord } from './agent-record.js';
import { Rounds } from './rounds.js';

/** What the leader holds of one agent in its own memory. Times are on the clock of performance.now(), which nobody sets. */
export class AgentEntry {
  readonly rounds = new Rounds();
  /** Probes by `TARGET PROBE`, since this server began to lead. */
  readonly probes = new Map<`${TargetKind} ${CheckProbe}`, { ok: number; failed: number }>();
  /** Probes to other nodes that failed in the last round, by node; nodes without one are there too. */
  failedPairs = new Map<string, number>();
  /** When it was heard last; undefined: never. */
  heardMs: number | undefined;
  /** What is known of its last report was read from the cluster's memory. */
  lags = false;
  writtenMs: number;
  /** Until when missed reports are counted. */
  missedUntilMs = 0;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    public record: AgentRecord,
    /** When it was first heard of: it has some time from then. */
    readonly sinceMs: number,
  ) {
    this.writtenMs = sinceMs;
  }

  /** One after the other: what one work leaves is what the next begins with. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.last.then(work);
    this.last = run.catch(() => undefined);
    return run;
  }

  /** Takes over a report that is recorded. */
  hear(record: AgentRecord, report: AgentReport, body: string, atMs: number, mostRounds: number): void {
    this.record = record;
    this.heardMs = atMs;
    this.lags = false;
    this.rounds.add(body, mostRounds);
    this.count(report);
  }

  private count({ outcomes }: AgentReport): void {
    const pairs = new Map<string, number>();
    for (const { kind, node, values } of outcomes) {
      let failures = 0;
      for (const probe of checkProbes) {
        const value = values[probe];
        if (value === undefined || value === 'unsupported') continue;
        const key = `${kind} ${probe}` as const;
        let counts = this.probes.get(key);
        if (counts === undefined) this.probes.set(key, (counts = { ok: 0, failed: 0 }));
        if (typeof value === 'number') counts.ok += 1;
        else {
          counts.failed += 1;
          failures += 1;
        }
      }
      if (kind === 'agent' && node !== undefined) pairs.set(node, (pairs.get(node) ?? 0) + failures);
    }
    this.failedPairs = pairs;
  }
}

// SPDX-License-Identifier: Apache-2.0
import type { AgentIdentity, AgentNetwork, AgentReport } from '../../model/check.js';
import { AgentEntry } from './agent-entry.js';
import { isOfNote, newRecord, recordAfter, type AgentRecord } from './agent-record.js';
import type { AgentStore } from './agent-store.js';
import type { LagWriter } from './lag-writer.js';

/** Intervals that what is known may be behind what is written, in clusters of up to 480 agents. */
const lagIntervals = 8;
/** Agents that are written in each interval because of that, at most: 4 a second at an interval of 15 s. */
const agentsAnInterval = 60;
/** Rounds that are held of all agents together, and of one. */
const allRounds = 800;
const mostRounds = 8;

export interface BookOptions {
  store: AgentStore;
  lag: LagWriter;
  signal: AbortSignal;
  intervalMs: () => number;
  /** Nobody is late for so long after a beginning, however short intervals are: Services need a moment to lead to a new replica. */
  leastGraceMs: number;
}

/** All agents that the leader knows. */
export class AgentBook {
  readonly entries = new Map<string, AgentEntry>();
  /** Nobody is late before this moment. */
  graceUntilMs: number;

  constructor(private readonly options: BookOptions) {
    this.graceUntilMs = this.graceFromNow();
  }

  /** Reads what leaders before this one have written. */
  async load(): Promise<void> {
    const { store, signal } = this.options;
    for await (const record of store.all(signal)) this.restore(record);
    this.graceUntilMs = this.graceFromNow();
  }

  private graceFromNow(): number {
    const { intervalMs, leastGraceMs } = this.options;
    return performance.now() + Math.max(2 * intervalMs(), leastGraceMs);
  }

  /**
   * Of an agent that was well, all that is known is that it was so until the leader before stopped looking: it is taken as heard
   * not long before this one began, and so is Outdated before it can be Absent.
   */
  private restore(record: AgentRecord): void {
    const nowMs = performance.now();
    const entry = new AgentEntry(record, nowMs);
    entry.lags = true;
    if (record.lastReport !== undefined) {
      const agoMs = Math.max(0, Date.now() - Date.parse(record.lastReport));
      const most = record.state === 'OK' ? 2 * this.options.intervalMs() : Infinity;
      entry.heardMs = nowMs - Math.min(agoMs, most);
    }
    this.entries.set(keyOf(record.node, record.network), entry);
  }

  /** The entry of an agent, made where there is none. */
  entry(node: string, network: AgentNetwork): AgentEntry {
    const key = keyOf(node, network);
    let entry = this.entries.get(key);
    if (entry === undefined) {
      entry = new AgentEntry(newRecord(node, network), performance.now());
      this.entries.set(key, entry);
    }
    return entry;
  }

  /**
   * Takes over a report. What is of note is in the cluster's memory when this resolves. Throws Failure where it cannot be
   * written; then nothing of the report is taken over.
   */
  take(agent: AgentIdentity, report: AgentReport, body: string): Promise<void> {
    const entry = this.entry(agent.node, agent.network);
    return entry.inTurn(async () => {
      const { store, lag, signal, intervalMs } = this.options;
      const record = recordAfter(entry.record, report, Date.now());
      if (isOfNote(entry.record, record)) {
        await store.write(record, signal);
        entry.writtenMs = performance.now();
      }
      const rounds = Math.min(mostRounds, Math.max(1, Math.floor(allRounds / this.entries.size)));
      entry.hear(record, report, body, performance.now(), rounds);
      const lagMs = intervalMs() * Math.max(lagIntervals, Math.ceil(this.entries.size / agentsAnInterval));
      if (performance.now() - entry.writtenMs > lagMs) lag.add(entry);
    });
  }

  /** Changes what is known of an agent otherwise; written before it counts. */
  async change(entry: AgentEntry, changed: (record: AgentRecord) => AgentRecord): Promise<void> {
    await entry.inTurn(async () => {
      const { store, signal } = this.options;
      const record = changed(entry.record);
      if (isOfNote(entry.record, record)) {
        await store.write(record, signal);
        entry.writtenMs = performance.now();
      }
      entry.record = record;
    });
  }

  /** Forgets an agent, in the cluster's memory first. */
  async remove(key: string, entry: AgentEntry): Promise<void> {
    await entry.inTurn(async () => {
      await this.options.store.remove(entry.record, this.options.signal);
      if (this.entries.get(key) === entry) this.entries.delete(key);
    });
  }
}

export function keyOf(node: string, network: AgentNetwork): string {
  return `${node}/${network}`;
}

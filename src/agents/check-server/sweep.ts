// SPDX-License-Identifier: Apache-2.0
import { agentCause, agentState } from '../../connectivity/agent-state.js';
import type { ExpectedNode } from '../../connectivity/expected.js';
import { asFailure } from '../../errors/failure.js';
import type { Pod } from '../../kube/objects.js';
import type { AgentNetwork, AgentState } from '../../model/check.js';
import type { AgentBook } from './agent-book.js';
import type { AgentEntry } from './agent-entry.js';
import { recordSwept } from './agent-record.js';
import { inSlices } from './slices.js';
import type { World } from './world.js';

/** A pod's first report comes after its image is there and its program has started. */
const startMs = 60_000;

export interface SweepOptions {
  book: AgentBook;
  world: World;
  signal: AbortSignal;
  log: (line: string) => void;
}

/** One look at all agents: who is silent is Outdated or Absent, and whose node is gone is forgotten. What cannot be written is tried by the next. */
export async function sweep({ book, world, signal, log }: SweepOptions): Promise<void> {
  if (!world.isSynced) return;
  const { networks } = world.settings;
  const writes: Promise<void>[] = [];
  const tried = (write: Promise<void>): void => void writes.push(write);
  for await (const node of inSlices(world.expected)) {
    for (const network of networks) {
      const entry = book.entry(node.name, network);
      const change = changeOf(entry, node, network, book, world);
      if (change !== undefined) tried(change);
    }
  }
  for await (const [key, entry] of inSlices([...book.entries])) {
    const { node, network } = entry.record;
    if (!world.hasNode(node) || !networks.includes(network)) tried(book.remove(key, entry));
  }
  const failed = (await Promise.allSettled(writes)).flatMap((each) =>
    each.status === 'rejected' ? [each.reason as unknown] : [],
  );
  if (failed.length > 0 && !signal.aborted) {
    log(`${failed.length} changes of agents could not be written: ${asFailure(failed[0]).message}`);
  }
}

function changeOf(
  entry: AgentEntry,
  node: ExpectedNode,
  network: AgentNetwork,
  book: AgentBook,
  world: World,
): Promise<void> | undefined {
  const { intervalMs } = world.settings.check;
  const newest = world.newestPod(node.name, network);
  const state = stateOf(entry, book, intervalMs, newest);
  // Only a report makes somebody well.
  if (state === 'OK') return undefined;
  return book.change(entry, (record) => {
    // A report may have come while this waited for its turn.
    const now = stateOf(entry, book, intervalMs, newest);
    if (now === 'OK') return record;
    const cause = agentCause(node, newest);
    return recordSwept(record, {
      state: now,
      cause,
      missed: record.missed + missedNow(entry, intervalMs),
      atMs: Date.now(),
    });
  });
}

/** What has never been heard has 2 intervals, and its pod a minute to start in. */
function stateOf(
  { heardMs, sinceMs }: AgentEntry,
  { graceUntilMs }: AgentBook,
  intervalMs: number,
  pod: Pod | undefined,
): AgentState {
  const nowMs = performance.now();
  const ageMs = Date.now() - Date.parse(pod?.metadata.creationTimestamp ?? '');
  const startUntilMs = ageMs < startMs ? nowMs + startMs - ageMs : 0;
  const ownGraceMs = heardMs === undefined ? Math.max(sinceMs + 2 * intervalMs, startUntilMs) : 0;
  return agentState({ nowMs, intervalMs, lastReportMs: heardMs, graceUntilMs: Math.max(graceUntilMs, ownGraceMs) });
}

/** Whole intervals without a report since the last sweep counted them. */
function missedNow(entry: AgentEntry, intervalMs: number): number {
  const fromMs = Math.max((entry.heardMs ?? entry.sinceMs) + 2 * intervalMs, entry.missedUntilMs);
  const missed = Math.max(0, Math.floor((performance.now() - fromMs) / intervalMs));
  entry.missedUntilMs = fromMs + missed * intervalMs;
  return missed;
}

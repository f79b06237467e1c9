// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../../kube/cluster.js';
import { pause } from '../../kube/pause.js';
import type { AgentReport } from '../../model/check.js';
import { Rounds, type Heard, type RoundsOptions } from './rounds.js';

/** For times of which a p95 can be told. */
const usualRounds = 3;
/** kube-proxy and DNS need a moment for a Service that has just been made. */
const serviceSettleMs = 2000;

/** Whether it fails in one round what an agent only reaches by the virtual address of the agents' Service, or by its name. */
export function failsVirtually(reports: Iterable<AgentReport>): boolean {
  for (const { outcomes } of reports) {
    for (const { kind, via, values } of outcomes) {
      if (kind !== 'server' || via === 'endpoint') continue;
      if (Object.values(values).some((value) => typeof value === 'string' && value !== 'unsupported')) return true;
    }
  }
  return false;
}

/**
 * Three rounds of all agents, as far as there is time, and one more where only the virtual address or name of the new Service
 * fails: the last one is what is judged. Throws Failure when the signal aborts.
 */
export async function makeRounds(cluster: Cluster, options: RoundsOptions): Promise<Heard> {
  const { signal, onRound } = options;
  const rounds = new Rounds(cluster, options);
  if (options.roster.agents.length === 0) return rounds.heard;
  let longestMs = 0;
  let made = 0;
  const next = async (): Promise<void> => {
    made += 1;
    onRound(made);
    longestMs = Math.max(longestMs, await rounds.make());
  };
  await next();
  while (made < usualRounds && rounds.remainingMs > 2 * longestMs) await next();
  if (failsVirtually(rounds.newest) && rounds.remainingMs > serviceSettleMs + 2 * longestMs) {
    await pause(serviceSettleMs, signal);
    await next();
  }
  return rounds.heard;
}

// SPDX-License-Identifier: Apache-2.0
import pLimit from 'p-limit';
import type { Roster } from '../../connectivity/roster.js';
import { targetsOf } from '../../connectivity/targets.js';
import { asFailure, Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import { abortFailure } from '../../kube/guard.js';
import { pause } from '../../kube/pause.js';
import {
  checkAgentName,
  type AgentIdentity,
  type AgentOrders,
  type AgentReport,
  type CheckSettings,
} from '../../model/check.js';
import { executeProgram } from '../talk.js';
import { clusterDomain, clusterName } from './cluster-domain.js';
import { agentKey } from './once-plan.js';

/** Agents that are executed in at once. */
const concurrency = 40;
/** Probes take 3 s at most; starting the program takes longer on a node that is busy. */
const roundLimitMs = 30_000;
const retryAfterMs = 500;

/** What agents have told, by their keys. */
export interface Heard {
  /** Oldest first. */
  reports: Map<string, AgentReport[]>;
  /** When the last report began to arrive, in ms since the epoch. */
  receivedMs: Map<string, number>;
  /** Why the last round of an agent has no report. */
  silent: Map<string, string>;
}

export interface RoundsOptions {
  roster: Roster;
  settings: CheckSettings;
  /** In ms of performance.now(). */
  endMs: number;
  signal: AbortSignal;
  onRound: (round: number) => void;
}

/** Throws Failure `tool` for what no agent of ours says. */
function parseReport(text: string, { namespace, pod }: AgentIdentity): AgentReport {
  const wrong = (cause?: unknown) =>
    new Failure('tool', `pod ${namespace}/${pod} told no report: is the agent image of this version?`, { cause });
  let report: Partial<AgentReport> | null;
  try {
    report = JSON.parse(text) as Partial<AgentReport> | null;
  } catch (cause) {
    throw wrong(cause);
  }
  if (report?.kind !== 'CheckAgentReport' || !Array.isArray(report.outcomes)) throw wrong();
  return report as AgentReport;
}

/** Has agents make rounds all at about the same time, and remembers what they tell. */
export class Rounds {
  readonly heard: Heard = { reports: new Map(), receivedMs: new Map(), silent: new Map() };
  #roster: Roster;

  constructor(
    readonly cluster: Cluster,
    readonly options: RoundsOptions,
  ) {
    this.#roster = options.roster;
  }

  get remainingMs(): number {
    return this.options.endMs - performance.now();
  }

  async #ask(agent: AgentIdentity): Promise<void> {
    const { settings, signal } = this.options;
    const orders: AgentOrders = { settings, targets: targetsOf(this.#roster, agent, settings) };
    const key = agentKey(agent);
    let receivedMs = 0;
    const text = await executeProgram(this.cluster, {
      namespace: agent.namespace,
      pod: agent.pod,
      container: checkAgentName,
      program: ['check-round'],
      input: JSON.stringify(orders),
      onFirstWord: () => (receivedMs = Date.now()),
      deadlineMs: Math.max(1, Math.min(roundLimitMs, this.remainingMs)),
      signal,
    });
    const report = parseReport(text, agent);
    this.heard.reports.set(key, [...(this.heard.reports.get(key) ?? []), report]);
    this.heard.receivedMs.set(key, receivedMs);
    this.heard.silent.delete(key);
  }

  /** Once more where that may help: connections break, and a kubelet may be busy. */
  async #askTwice(agent: AgentIdentity): Promise<void> {
    const { signal } = this.options;
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#ask(agent);
        return;
      } catch (thrown) {
        if (signal.aborted) throw abortFailure(signal);
        const failure = asFailure(thrown);
        if (failure.code === 'bug') throw failure;
        if (tries === 2 || this.remainingMs < 2 * retryAfterMs) {
          this.heard.silent.set(agentKey(agent), failure.message);
          return;
        }
      }
      await pause(retryAfterMs, signal);
    }
  }

  /** One round of every agent; how long it took in ms. */
  async make(): Promise<number> {
    const startedMs = performance.now();
    const limit = pLimit(concurrency);
    await Promise.all(this.#roster.agents.map((agent) => limit(() => this.#askTwice(agent))));
    const domain = clusterDomain([...this.heard.reports.values()].flatMap((reports) => reports.slice(-1)));
    if (domain !== undefined) this.#roster = { ...this.#roster, clusterName: clusterName(domain) };
    return performance.now() - startedMs;
  }

  get newest(): AgentReport[] {
    return [...this.heard.reports.values()].flatMap((reports) => reports.slice(-1));
  }
}

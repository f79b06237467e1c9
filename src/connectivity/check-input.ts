// SPDX-License-Identifier: Apache-2.0
import type { AgentNetwork, AgentReport, CheckAgent, CheckOutage, CheckReport, CheckSettings } from '../model/check.js';
import type { ExpectedNode } from './expected.js';

/** What is known of one agent that is expected. */
export interface KnownAgent {
  node: string;
  network: AgentNetwork;
  /** Its state, cause, pod and last report, as CheckReport shows them. */
  agent: CheckAgent;
  /** Its last rounds, newest last; empty where none is known. What it says is judged by the newest, times by all of them. */
  reports: readonly AgentReport[];
}

export interface CheckInput {
  mode: CheckReport['mode'];
  /** RFC 3339. */
  startedAt: string;
  durationMs: number;
  settings: CheckSettings;
  nodes: readonly ExpectedNode[];
  agents: readonly KnownAgent[];
  outages: readonly CheckOutage[];
  warnings: readonly string[];
  legacyApi?: boolean | undefined;
}

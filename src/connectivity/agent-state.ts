// SPDX-License-Identifier: Apache-2.0
import type { Pod } from '../kube/objects.js';
import type { AgentState } from '../model/check.js';
import type { ExpectedNode } from './expected.js';

/** When something was heard of an agent, in ms since the epoch, by the clock of whoever received it. */
export interface Hearing {
  nowMs: number;
  intervalMs: number;
  /** Of the last report; undefined: none ever. */
  lastReportMs: number | undefined;
  /** Nobody is late before this moment: a server that has just started gives everybody 2 intervals. */
  graceUntilMs: number;
}

/** OK; Outdated after 2 intervals without a report; Absent where there was none ever, or none for 10 intervals. */
export function agentState(_hearing: Hearing): AgentState {
  throw new Error('not built yet');
}

/** Why an agent that should report does not, one line; `pod` is its newest one, undefined where there is none. */
export function agentCause(_node: ExpectedNode, _pod: Pod | undefined): string {
  throw new Error('not built yet');
}

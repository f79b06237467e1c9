// SPDX-License-Identifier: Apache-2.0
import { neverStarts } from '../kube/container-state.js';
import type { ContainerStatus, Pod } from '../kube/objects.js';
import type { AgentState } from '../model/check.js';
import type { ExpectedNode } from './expected.js';

const outdatedIntervals = 2;
const absentIntervals = 10;

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
export function agentState({ nowMs, intervalMs, lastReportMs, graceUntilMs }: Hearing): AgentState {
  if (nowMs < graceUntilMs) return 'OK';
  if (lastReportMs === undefined) return 'Absent';
  const silentMs = nowMs - lastReportMs;
  if (silentMs >= absentIntervals * intervalMs) return 'Absent';
  return silentMs > outdatedIntervals * intervalMs ? 'Outdated' : 'OK';
}

/** What `agentCause` says of an agent whose pod is well. */
export const silentCause = 'silent';

/** Why an agent that should report does not, one line; `pod` is its newest one, undefined where there is none. */
export function agentCause(node: ExpectedNode, pod: Pod | undefined): string {
  // What a kubelet that says nothing has last said of its pods is old.
  if (!node.isReady) return `node ${node.condition ?? 'NotReady'}`;
  if (pod === undefined) return node.isCordoned ? 'cordoned' : 'no pod';
  return oneLine(podCause(pod));
}

function podCause({ metadata, status }: Pod): string {
  const { phase, reason, message, conditions = [], containerStatuses = [], initContainerStatuses = [] } = status ?? {};
  if (metadata.deletionTimestamp !== undefined) return 'pod is being deleted';
  if (phase === 'Failed' || phase === 'Succeeded') return ended(phase, reason, message, containerStatuses);
  const container = [...initContainerStatuses, ...containerStatuses].find(({ state }) => state?.running === undefined);
  const { waiting, terminated } = container?.state ?? {};
  if (waiting?.reason === 'CrashLoopBackOff') return `pod is crashing${after(waiting.message)}`;
  if (terminated !== undefined) {
    return `pod is crashing: exit code ${terminated.exitCode}${after(terminated.message ?? terminated.reason)}`;
  }
  if (waiting?.reason !== undefined && neverStarts(waiting.reason, waiting.message)) {
    return `pod cannot start: ${waiting.reason}${after(waiting.message)}`;
  }
  const scheduled = conditions.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False') return `pod Pending${after(scheduled.message ?? scheduled.reason)}`;
  if (waiting !== undefined || phase === 'Pending' || phase === undefined) {
    return `pod Pending${after([waiting?.reason, waiting?.message].filter((text) => text !== undefined).join(': '))}`;
  }
  const ready = conditions.find(({ type }) => type === 'Ready');
  return ready?.status === 'False' ? `pod is not ready${after(ready.message ?? ready.reason)}` : silentCause;
}

function ended(phase: string, reason = '', message = '', statuses: readonly ContainerStatus[] = []): string {
  const words = [reason, message].filter((text) => text !== '').join(': ');
  const { exitCode, message: last } = statuses.find(({ state }) => state?.terminated)?.state?.terminated ?? {};
  if (words !== '' || exitCode === undefined) return `pod has ended: ${words === '' ? phase : words}`;
  return `pod has ended: exit code ${exitCode}${after(last)}`;
}

function after(words = ''): string {
  return words === '' ? '' : `: ${words}`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

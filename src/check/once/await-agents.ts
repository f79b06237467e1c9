// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../../kube/cluster.js';
import { neverStarts } from '../../kube/container-state.js';
import { abortFailure } from '../../kube/guard.js';
import { Informer } from '../../kube/informer.js';
import { abortWith } from '../../kube/linked-abort.js';
import type { Pod } from '../../kube/objects.js';
import { isReady } from '../pod-state.js';
import { agentKey, type PlannedAgent } from './once-plan.js';

/** What the scheduler refuses for so long does not fit: other pods do not end within the time of a check. */
const unschedulableMs = 10_000;

/** Whether waiting for an agent is of no use: it has ended, never starts, or its node is not there to start it. */
export function isHopeless(pod: Pod | undefined, { node }: PlannedAgent, nowMs: number): boolean {
  if (!node.isReady) return true;
  if (pod === undefined) return false;
  const { phase, conditions = [], containerStatuses = [] } = pod.status ?? {};
  if (phase === 'Failed' || phase === 'Succeeded') return true;
  const scheduled = conditions.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.reason === 'Unschedulable') {
    return nowMs - Date.parse(pod.metadata.creationTimestamp ?? '') > unschedulableMs;
  }
  return containerStatuses.some(({ state }) => neverStarts(state?.waiting?.reason ?? '', state?.waiting?.message));
}

export interface AwaitOptions {
  limitMs: number;
  signal: AbortSignal;
  /** How many are ready. */
  onProgress: (ready: number) => void;
}

/** How often it is looked at what only time changes. */
const lookEveryMs = 1000;

/**
 * The pods of agents as they are when each is ready or hopeless, or when the time is up; by the agent's key. Throws Failure when the
 * signal aborts.
 */
export async function awaitAgents(
  cluster: Cluster,
  agents: readonly PlannedAgent[],
  { limitMs, signal, onProgress }: AwaitOptions,
): Promise<Map<string, Pod>> {
  const end = new AbortController();
  const unlink = abortWith(end, signal);
  const informers: Informer<Pod, Pod>[] = [];
  const podOf = (agent: PlannedAgent): Pod | undefined => {
    for (const { items } of informers) {
      const pod = items.get(agentKey(agent));
      if (pod !== undefined) return pod;
    }
    return undefined;
  };
  const look = (): void => {
    let ready = 0;
    let settled = 0;
    const nowMs = Date.now();
    for (const agent of agents) {
      const pod = podOf(agent);
      if (pod !== undefined && isReady(pod)) ready += 1;
      else if (isHopeless(pod, agent, nowMs)) settled += 1;
    }
    onProgress(ready);
    if (ready + settled === agents.length) end.abort();
  };
  for (const namespace of new Set(agents.map((agent) => agent.namespace))) {
    const path = `/api/v1/namespaces/${namespace}/pods`;
    informers.push(new Informer<Pod, Pod>({ cluster, path, keep: (pod) => pod, onChange: look, onTrouble: () => {} }));
  }
  const timer = setTimeout(() => end.abort(), limitMs);
  const looking = setInterval(look, lookEveryMs);
  try {
    await Promise.all(informers.map((informer) => informer.run(end.signal)));
  } finally {
    clearTimeout(timer);
    clearInterval(looking);
    unlink();
  }
  if (signal.aborted) throw abortFailure(signal);
  return new Map(agents.flatMap((agent) => [podOf(agent)].flatMap((pod) => (pod ? [[agentKey(agent), pod]] : []))));
}

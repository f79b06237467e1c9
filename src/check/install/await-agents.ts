// SPDX-License-Identifier: Apache-2.0
import { agentCause } from '../../connectivity/agent-state.js';
import { nodeOfDaemonPod, type DaemonPod } from '../../connectivity/daemon-pod.js';
import type { ExpectedNode } from '../../connectivity/expected.js';
import { whyNotStarted } from '../../installation/why-not-started.js';
import type { Cluster } from '../../kube/cluster.js';
import type { KubeObject } from '../../kube/objects.js';
import { pause } from '../../kube/pause.js';
import { checkAgentName, type AgentNetwork } from '../../model/check.js';
import { namespaceOf } from '../objects/namespaces.js';
import { isReady } from '../pod-state.js';
import { agentPods } from './agent-pods.js';

const lookMs = 1000;
/** Of how many pods at once the kubelet's words are asked for. */
const mostAsked = 5;

interface DaemonSet extends KubeObject {
  status?: { observedGeneration?: number; desiredNumberScheduled?: number; updatedNumberScheduled?: number };
}

/** An agent that did not start, and why. */
export interface AbsentAgent {
  node: string;
  network: AgentNetwork;
  cause: string;
}

interface Look {
  /** Expected ones on nodes that are well. */
  absent: { node: ExpectedNode; pod: DaemonPod | undefined }[];
  isRolledOut: boolean;
}

async function look(
  cluster: Cluster,
  network: AgentNetwork,
  nodes: readonly ExpectedNode[],
  signal: AbortSignal,
): Promise<Look> {
  const path = `/apis/apps/v1/namespaces/${namespaceOf(network)}/daemonsets/${checkAgentName}`;
  const [set, pods] = await Promise.all([
    cluster.get<DaemonSet & { metadata: { generation?: number } }>(path, { signal }),
    agentPods(cluster, network, signal),
  ]);
  const { observedGeneration = 0, desiredNumberScheduled = 0, updatedNumberScheduled = 0 } = set.status ?? {};
  const byNode = new Map(pods.map((pod) => [nodeOfDaemonPod(pod), pod]));
  const absent = nodes
    // One that is not Ready is told of by `check status`; nobody waits for it.
    .filter(({ isReady: isWell }) => isWell)
    .map((node) => ({ node, pod: byNode.get(node.name) }))
    .filter(({ pod }) => pod === undefined || !isReady(pod));
  const isSeen = observedGeneration >= (set.metadata.generation ?? 0);
  return { absent, isRolledOut: isSeen && updatedNumberScheduled >= desiredNumberScheduled };
}

/** Why it will not start, where that is certain. */
async function hopeless(
  cluster: Cluster,
  { pod }: Look['absent'][number],
  signal: AbortSignal,
): Promise<string | undefined> {
  const why = pod && (await whyNotStarted(cluster, pod, signal));
  if (why === undefined) return undefined;
  return `pod ${pod?.metadata.name ?? ''}: ${[why.reason, why.message].filter(Boolean).join(': ')}`;
}

/**
 * Waits until the agents of a network are ready on all nodes that are; returns those that are not when the time is over, or when
 * none of them will start any more. Throws as Cluster does.
 */
export async function awaitAgents(
  cluster: Cluster,
  network: AgentNetwork,
  nodes: readonly ExpectedNode[],
  { timeoutMs, signal, progress }: { timeoutMs: number; signal: AbortSignal; progress: (text: string) => void },
): Promise<AbsentAgent[]> {
  const untilMs = performance.now() + timeoutMs;
  for (;;) {
    const { absent, isRolledOut } = await look(cluster, network, nodes, signal);
    if (absent.length === 0 && isRolledOut) return [];
    progress(`waiting for agents of the ${network} network: ${nodes.length - absent.length} of ${nodes.length}`);
    const causes = await Promise.all(absent.slice(0, mostAsked).map((each) => hopeless(cluster, each, signal)));
    const isOver = performance.now() > untilMs;
    if (isOver || (isRolledOut && absent.length > 0 && causes.every((cause) => cause !== undefined))) {
      return absent.map(({ node, pod }, index) => ({
        node: node.name,
        network,
        cause: causes[index] ?? agentCause(node, pod),
      }));
    }
    await pause(lookMs, signal);
  }
}

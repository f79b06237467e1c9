// SPDX-License-Identifier: Apache-2.0
import { awaitDeployment } from '../../installation/await-deployment.js';
import type { Cluster } from '../../kube/cluster.js';
import { agentNamespace } from '../../model/prober.js';
import type { Agent } from './agent-options.js';

/** How long agents have to start, their image's pull included. */
const startMs = 180_000;

/** Waits until every replica of an agent is available. Throws Failure `tool` where it cannot start, and after three minutes. */
export function awaitAgent(cluster: Cluster, agent: Agent, signal: AbortSignal): Promise<void> {
  return awaitDeployment(cluster, { namespace: agentNamespace, name: agent, timeoutMs: startMs }, signal);
}

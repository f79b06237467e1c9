// SPDX-License-Identifier: Apache-2.0
import { nodeOfDaemonPod } from '../../connectivity/daemon-pod.js';
import { Failure } from '../../errors/failure.js';
import { whyNotStarted } from '../../installation/why-not-started.js';
import type { Cluster } from '../../kube/cluster.js';
import { isForbidden } from '../../kube/container-events.js';
import type { Pod } from '../../kube/objects.js';
import { agentNetworks, checkNamespace, checkServerName, type AgentNetwork } from '../../model/check.js';
import { isReady } from '../pod-state.js';
import { agentPods } from './agent-pods.js';

/** How many names a message has room for. */
const shownNodes = 5;

/** Why a replica does not answer, in a line. */
async function causeOf(cluster: Cluster, pod: Pod, signal: AbortSignal): Promise<string> {
  const { metadata, spec, status = {} } = pod;
  const where = `pod ${metadata.name}${spec.nodeName === undefined ? '' : ` on node ${spec.nodeName}`}`;
  if (metadata.deletionTimestamp !== undefined) return `${where} is being deleted`;
  const why = await whyNotStarted(cluster, pod, signal);
  if (why !== undefined) return `${where}: ${[why.reason, why.message].filter(Boolean).join(': ')}`;
  const unscheduled = status.conditions?.find(({ type, status: is }) => type === 'PodScheduled' && is === 'False');
  if (unscheduled !== undefined) return `${where} ${status.phase ?? ''}: ${unscheduled.message ?? 'not scheduled'}`;
  return `${where} ${status.phase ?? 'Unknown'} and not ready`;
}

/** What pods say of agents, of whose findings only the server tells. */
async function agentsText(cluster: Cluster, network: AgentNetwork, signal: AbortSignal): Promise<string[]> {
  const pods = await agentPods(cluster, network, signal).catch((thrown: unknown) => {
    if (isForbidden(thrown)) return [];
    throw thrown;
  });
  if (pods.length === 0) return [];
  const unready = pods.filter((pod) => !isReady(pod)).map((pod) => nodeOfDaemonPod(pod) ?? '?');
  const shown = unready.slice(0, shownNodes).join(', ') + (unready.length > shownNodes ? ', ...' : '');
  const but = unready.length === 0 ? '' : ` (not on ${shown})`;
  return [`${pods.length - unready.length} of ${pods.length} agents of the ${network} network are ready${but}`];
}

/** The Failure of a check whose server has no replica that is ready: why, and what is known without it. */
export async function noServer(cluster: Cluster, pods: readonly Pod[], signal: AbortSignal): Promise<Failure> {
  const causes = await Promise.all(pods.map((pod) => causeOf(cluster, pod, signal)));
  const agents = (await Promise.all(agentNetworks.map((network) => agentsText(cluster, network, signal)))).flat();
  const why = causes.length === 0 ? 'it has no pods' : causes.join('; ');
  return new Failure('tool', `no replica of ${checkServerName} is ready: ${why}`, {
    reason: 'NoServer',
    hint: [
      ...(agents.length === 0 ? [] : [`what pods say: ${agents.join(', ')}`]),
      `see kubectl describe pods -n ${checkNamespace} -l app.kubernetes.io/name=${checkServerName}; kubectl netmachinery check needs no server`,
    ].join('; '),
  });
}

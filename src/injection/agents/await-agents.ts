// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import { isForbidden, startWarning } from '../../kube/container-events.js';
import { neverStarts } from '../../kube/container-state.js';
import type { ContainerStatus, Pod } from '../../kube/objects.js';
import { pause } from '../../kube/pause.js';
import { agentNamespace } from '../../model/prober.js';
import { deploymentPath, type AgentDeployment } from './agent-state.js';
import type { Agent } from './agent-options.js';

/** How long agents have to start, their image's pull included. */
const startMs = 180_000;
const lookMs = 500;
/** A program that ends at once, again and again, does not get better. */
const mostRestarts = 2;

type AgentStatus = ContainerStatus & { restartCount?: number; lastState?: ContainerStatus['state'] };

/** Whether its controller has seen what a Deployment is now. */
function isObserved({ metadata, status = {} }: AgentDeployment & { metadata: { generation?: number } }): boolean {
  return (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
}

/** As `kubectl rollout status` judges it. */
function isAvailable(deployment: AgentDeployment): boolean {
  const { spec, status = {} } = deployment;
  const { replicas = 1 } = spec;
  return (
    isObserved(deployment) &&
    (status.updatedReplicas ?? 0) >= replicas &&
    (status.replicas ?? 0) <= replicas &&
    (status.availableReplicas ?? 0) >= replicas
  );
}

function cannotStart(agent: Agent, pod: string, reason: string, message: string | undefined): Failure {
  const words = message === undefined || message === '' ? '' : `: ${message}`;
  return new Failure('tool', `${agent} cannot start (pod ${agentNamespace}/${pod}): ${reason}${words}`, {
    reason,
    hint: /Image|Registry|Signature/.test(reason)
      ? 'the nodes must be able to pull the image; --agent-image names another one'
      : `kubectl logs -n ${agentNamespace} deploy/${agent} may tell more`,
  });
}

/**
 * The newest pod of what a Deployment is now; undefined as long as there is none. Those of what it was before may be a moment
 * old as well, and are told by their image, where no admission has changed it.
 */
async function newestPod(
  cluster: Cluster,
  agent: Agent,
  deployment: AgentDeployment,
  signal: AbortSignal,
): Promise<Pod | undefined> {
  if (!isObserved(deployment) || (deployment.status?.updatedReplicas ?? 0) === 0) return undefined;
  const path = `/api/v1/namespaces/${agentNamespace}/pods`;
  const pods: Pod[] = [];
  for await (const page of cluster.list<Pod>(path, { labelSelector: `app.kubernetes.io/name=${agent}`, signal })) {
    pods.push(...page.filter(({ metadata }) => metadata.deletionTimestamp === undefined));
  }
  const image = deployment.spec.template.spec.containers[0]?.image;
  const current = pods.filter(({ spec }) => spec.containers[0]?.image === image);
  return (current.length > 0 ? current : pods).sort((one, other) =>
    (other.metadata.creationTimestamp ?? '').localeCompare(one.metadata.creationTimestamp ?? ''),
  )[0];
}

/** Throws Failure `tool`, in the kubelet's words, where a new pod of an agent will not start. */
async function refuseHopeless(
  cluster: Cluster,
  agent: Agent,
  deployment: AgentDeployment,
  signal: AbortSignal,
): Promise<void> {
  const pod = await newestPod(cluster, agent, deployment, signal);
  if (pod === undefined) return;
  const status = pod.status?.containerStatuses?.[0] as AgentStatus | undefined;
  const { waiting } = status?.state ?? {};
  if (waiting?.reason !== undefined && neverStarts(waiting.reason, waiting.message)) {
    throw cannotStart(agent, pod.metadata.name, waiting.reason, waiting.message);
  }
  const ended = status?.lastState?.terminated ?? status?.state?.terminated;
  if (ended !== undefined && (status?.restartCount ?? 0) >= mostRestarts) {
    const { exitCode, reason = 'Error', message } = ended;
    throw cannotStart(agent, pod.metadata.name, `it ended with exit code ${exitCode} (${reason})`, message);
  }
  if (status?.ready === true || status?.state?.running !== undefined) return;
  const { name, uid } = pod.metadata;
  const container = pod.spec.containers[0]?.name ?? '';
  const starting = { namespace: agentNamespace, pod: name, podUid: uid, name: container };
  const warning = await startWarning(cluster, starting, signal).catch((thrown: unknown) => {
    if (isForbidden(thrown)) return undefined;
    throw thrown;
  });
  if (warning !== undefined) throw cannotStart(agent, name, warning.reason, warning.message);
}

/** What a Deployment says of itself that is not well. */
function complaint({ status }: AgentDeployment): string | undefined {
  const { conditions = [] } = status ?? {};
  const telling = conditions.find(({ type, status: is }) => type === 'ReplicaFailure' && is === 'True');
  return telling?.message;
}

/**
 * Waits until every replica of an agent is available. Throws Failure `tool` where it cannot start, at once and in the words of
 * the kubelet or of whoever refuses its pods; and after three minutes.
 */
export async function awaitAgent(cluster: Cluster, agent: Agent, signal: AbortSignal): Promise<void> {
  const untilMs = performance.now() + startMs;
  for (;;) {
    const deployment = await cluster.get<AgentDeployment>(deploymentPath(agent), { signal });
    if (isAvailable(deployment)) return;
    const refused = complaint(deployment);
    if (refused !== undefined) throw new Failure('tool', `the pods of ${agent} are refused: ${refused}`);
    await refuseHopeless(cluster, agent, deployment, signal);
    if (performance.now() > untilMs) {
      throw new Failure('tool', `${agent} was not available within ${startMs / 1000} s`, {
        reason: 'DeadlineExceeded',
        hint: `see kubectl logs (or describe pods) -n ${agentNamespace} -l app.kubernetes.io/name=${agent}`,
      });
    }
    await pause(lookMs, signal);
  }
}

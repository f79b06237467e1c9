// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import type { Container, KubeObject, Pod } from '../kube/objects.js';
import { pause } from '../kube/pause.js';
import { whyNotStarted, type NotStarted } from './why-not-started.js';

/** What is read of a Deployment. */
export interface Deployment extends KubeObject {
  spec: { replicas?: number; template: { spec: { containers: Container[] } } };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    availableReplicas?: number;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
  };
}

/** A Deployment that is waited for; its pods carry its name as `app.kubernetes.io/name`. */
export interface AwaitedDeployment {
  namespace: string;
  name: string;
  /** How long it has to start, the pull of its image included. */
  timeoutMs: number;
}

const lookMs = 500;

/** Whether its controller has seen what a Deployment is now. */
function isObserved({ metadata, status = {} }: Deployment & { metadata: { generation?: number } }): boolean {
  return (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
}

/** As `kubectl rollout status` judges it. */
function isAvailable(deployment: Deployment): boolean {
  const { spec, status = {} } = deployment;
  const { replicas = 1 } = spec;
  return (
    isObserved(deployment) &&
    (status.updatedReplicas ?? 0) >= replicas &&
    (status.replicas ?? 0) <= replicas &&
    (status.availableReplicas ?? 0) >= replicas
  );
}

function cannotStart({ namespace, name }: AwaitedDeployment, pod: string, { reason, message }: NotStarted): Failure {
  const words = message === undefined || message === '' ? '' : `: ${message}`;
  return new Failure('tool', `${name} cannot start (pod ${namespace}/${pod}): ${reason}${words}`, {
    reason,
    hint: /Image|Registry|Signature/.test(reason)
      ? 'the nodes must be able to pull the image; --agent-image names another one'
      : `kubectl logs -n ${namespace} deploy/${name} may tell more`,
  });
}

/**
 * The newest pod of what a Deployment is now; undefined as long as there is none. Those of what it was before may be a moment
 * old as well, and are told by their image, where no admission has changed it.
 */
async function newestPod(
  cluster: Cluster,
  { namespace, name }: AwaitedDeployment,
  deployment: Deployment,
  signal: AbortSignal,
): Promise<Pod | undefined> {
  if (!isObserved(deployment) || (deployment.status?.updatedReplicas ?? 0) === 0) return undefined;
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const pods: Pod[] = [];
  for await (const page of cluster.list<Pod>(path, { labelSelector: `app.kubernetes.io/name=${name}`, signal })) {
    pods.push(...page.filter(({ metadata }) => metadata.deletionTimestamp === undefined));
  }
  const image = deployment.spec.template.spec.containers[0]?.image;
  const current = pods.filter(({ spec }) => spec.containers[0]?.image === image);
  return (current.length > 0 ? current : pods).sort((one, other) =>
    (other.metadata.creationTimestamp ?? '').localeCompare(one.metadata.creationTimestamp ?? ''),
  )[0];
}

/** Throws Failure `tool`, in the kubelet's words, where a new pod will not start. */
async function refuseHopeless(
  cluster: Cluster,
  awaited: AwaitedDeployment,
  deployment: Deployment,
  signal: AbortSignal,
): Promise<void> {
  const pod = await newestPod(cluster, awaited, deployment, signal);
  const why = pod && (await whyNotStarted(cluster, pod, signal));
  if (why !== undefined) throw cannotStart(awaited, pod?.metadata.name ?? '', why);
}

/** What a Deployment says of itself that is not well. */
function complaint({ status }: Deployment): string | undefined {
  const { conditions = [] } = status ?? {};
  const telling = conditions.find(({ type, status: is }) => type === 'ReplicaFailure' && is === 'True');
  return telling?.message;
}

/**
 * Waits until every replica of a Deployment is available. Throws Failure `tool` where it cannot start, at once and in the words of
 * the kubelet or of whoever refuses its pods; and when the time is over.
 */
export async function awaitDeployment(
  cluster: Cluster,
  awaited: AwaitedDeployment,
  signal: AbortSignal,
): Promise<void> {
  const { namespace, name, timeoutMs } = awaited;
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
  const untilMs = performance.now() + timeoutMs;
  for (;;) {
    const deployment = await cluster.get<Deployment>(path, { signal });
    if (isAvailable(deployment)) return;
    const refused = complaint(deployment);
    if (refused !== undefined) throw new Failure('tool', `the pods of ${name} are refused: ${refused}`);
    await refuseHopeless(cluster, awaited, deployment, signal);
    if (performance.now() > untilMs) {
      throw new Failure('tool', `${name} was not available within ${timeoutMs / 1000} s`, {
        reason: 'DeadlineExceeded',
        hint: `see kubectl logs (or describe pods) -n ${namespace} -l app.kubernetes.io/name=${name}`,
      });
    }
    await pause(lookMs, signal);
  }
}

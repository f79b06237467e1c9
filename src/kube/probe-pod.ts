// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { Failure } from '../errors/failure.js';
import type { Cluster } from './cluster.js';
import type { Pod } from './objects.js';
import { pause } from './pause.js';
import { podLabel } from './pod-eligibility.js';
import { probePodAnnotations, probePodLabel } from './probe-pod-metadata.js';
import { podPath } from './tool-container-patch.js';
import { toolContainerSpec, type ToolContainerRequest } from './tool-container-spec.js';

/** A condition that nobody sets: the pod is never ready, so that no Service sends traffic to it (KEP-580). */
const neverReady = 'netmachinery.io/never-ready';
/** How long a pod may take to end before it is killed; its process ends at once. */
const terminationSeconds = 1;
const confirmationMs = 2000;
const confirmationEveryMs = 150;
const deleteRequestMs = 5000;
const deleteLimitMs = 10_000;
const deleteEveryMs = 500;

export interface ProbePodRequest extends ToolContainerRequest {
  /** After which time the kubelet ends the pod whatever happens. */
  lifeSeconds: number;
}

/** A name of its own for a new probe pod. */
export function probePodName(): string {
  return `netmachinery-probe-${randomBytes(5).toString('hex')}`;
}

/** Throws Failure `unsupported` where there can be no pod like this one: on Windows, going, or on no node yet. */
export function assertCopyable(pod: Pod): void {
  const { metadata, spec } = pod;
  const refuse = (why: string, reason: string, hint: string) =>
    new Failure('unsupported', `pod ${podLabel(pod)} ${why}`, { reason, hint });
  if (spec.os?.name === 'windows') throw refuse('runs Windows', 'WindowsPod', 'only Linux pods can be used');
  if (metadata.deletionTimestamp !== undefined) {
    throw refuse('is being deleted', 'PodNotRunning', 'use another pod, or wait for its replacement');
  }
  if (!spec.nodeName) throw refuse('is on no node yet', 'PodNotRunning', 'see why with: kubectl describe pod');
}

/** Those of a pod's fields that are there. */
function present<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/**
 * A pod of ours that policies and the network cannot tell from `source` but by its name and address. It is owned by the source,
 * and controlled by it in the API's sense: a ReplicaSet or StatefulSet adopts pods that its selector matches and that nobody
 * controls, and then deletes one of those that are too many; and the garbage collector removes it with the source. `hostname`
 * and `subdomain` are left out, because they would publish a name.
 */
export function probePodManifest(source: Pod, name: string, request: ProbePodRequest): Pod {
  const { metadata, spec } = source;
  const { caller, reason, lifeSeconds } = request;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: metadata.namespace ?? 'default',
      labels: { ...metadata.labels, [probePodLabel]: 'true' },
      annotations: {
        [probePodAnnotations.source]: podLabel(source),
        ...(caller === undefined ? {} : { [probePodAnnotations.caller]: caller }),
        ...(reason === undefined ? {} : { [probePodAnnotations.reason]: reason }),
      },
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Pod', name: metadata.name, uid: metadata.uid ?? '', controller: true },
      ],
    },
    spec: {
      ...present({
        nodeName: spec.nodeName,
        serviceAccountName: spec.serviceAccountName,
        hostNetwork: spec.hostNetwork,
        dnsPolicy: spec.dnsPolicy,
        dnsConfig: spec.dnsConfig,
        hostAliases: spec.hostAliases,
        tolerations: spec.tolerations,
        imagePullSecrets: spec.imagePullSecrets,
      }),
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      restartPolicy: 'Never',
      activeDeadlineSeconds: lifeSeconds,
      terminationGracePeriodSeconds: terminationSeconds,
      readinessGates: [{ conditionType: neverReady }],
      containers: [
        {
          ...toolContainerSpec(request, 1, metadata.uid),
          // No limit of processor time: it would spoil what is measured.
          resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '256Mi' } },
        },
      ],
    },
  };
}

function podsPath({ metadata: { namespace } }: Pod): string {
  return `/api/v1/namespaces/${namespace ?? 'default'}/pods`;
}

/** Creates a probe pod; with `dryRun` the server only says what it would do. Throws what the server answers. */
export function createProbePod(
  cluster: Cluster,
  manifest: Pod,
  options: { signal?: AbortSignal | undefined; dryRun?: boolean } = {},
): Promise<Pod> {
  const query = options.dryRun === true ? { dryRun: 'All' } : undefined;
  return cluster.create<Pod>(podsPath(manifest), manifest, { query, signal: options.signal });
}

function isGone(thrown: unknown): boolean {
  return thrown instanceof Failure && thrown.status === 404;
}

/** Whether the server may answer otherwise the next time: it failed, could not be reached, or said nothing in our time. */
function mayPass(thrown: unknown): boolean {
  if (!(thrown instanceof Failure)) return false;
  const { status, reason = '' } = thrown;
  if (status !== undefined) return status >= 500 || status === 429;
  return ['ConnectionLost', 'ConnectionRefused', 'DeadlineExceeded'].includes(reason);
}

/** A signal of its own for one request, that says why it aborts. */
function requestLimit(limitMs: number): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const silent = new Failure('cluster', `no answer within ${limitMs / 1000} s`, { reason: 'DeadlineExceeded' });
  const timer = setTimeout(() => controller.abort(silent), limitMs);
  return { signal: controller.signal, release: () => clearTimeout(timer) };
}

/** Deletes it, again for up to 10 s where that may help: nobody else has its name. `gone`: it was not there. */
async function deleteRepeatedly(cluster: Cluster, path: string): Promise<'going' | 'gone'> {
  const query = { gracePeriodSeconds: terminationSeconds };
  const giveUpMs = performance.now() + deleteLimitMs;
  for (;;) {
    const { signal, release } = requestLimit(deleteRequestMs);
    try {
      await cluster.delete(path, { query, signal });
      return 'going';
    } catch (thrown) {
      if (isGone(thrown)) return 'gone';
      if (!mayPass(thrown) || performance.now() > giveUpMs) throw thrown;
    } finally {
      release();
    }
    await pause(deleteEveryMs);
  }
}

/**
 * Deletes a probe pod and waits up to 2 s until it is gone; then it is going, and nothing of ours is needed any more. Takes no
 * signal: this is what has to be done also when a run was interrupted. Throws Failure when it could not be deleted.
 */
export async function removeProbePod(cluster: Cluster, pod: Pod): Promise<void> {
  const path = podPath(pod);
  if ((await deleteRepeatedly(cluster, path)) === 'gone') return;
  const giveUpMs = performance.now() + confirmationMs;
  while (performance.now() < giveUpMs) {
    await pause(confirmationEveryMs);
    try {
      await cluster.get<Pod>(path, { signal: AbortSignal.timeout(confirmationMs) });
    } catch {
      // Gone; or it cannot be seen, and the server has promised its end.
      return;
    }
  }
}

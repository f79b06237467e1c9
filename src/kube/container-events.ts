// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from './cluster.js';
import { passes } from './container-state.js';
import type { KubeObject } from './objects.js';

interface Event extends KubeObject {
  reason?: string;
  message?: string;
  involvedObject?: { uid?: string; fieldPath?: string };
}

/** What is known of an ephemeral container whose start is waited for. */
export interface StartingContainer {
  namespace: string;
  pod: string;
  podUid: string | undefined;
  name: string;
}

const failureReasons = new Set(['Failed', 'InspectFailed', 'ErrImageNeverPull']);
/**
 * What the kubelet's `Error: ...` events of one reason, `Failed`, are about (kuberuntime_container.go, startContainer): what
 * the kubelet itself could not put together, what the runtime (containerd, CRI-O) could not create, and could not start.
 */
const errorTexts: [text: RegExp, reason: string][] = [
  [/^Error: failed to (create|start) containerd task/, 'RunContainerError'],
  [/^Error: (failed to (generate|create|reserve|get) .*container|container create failed)/, 'CreateContainerError'],
  [/^Error: ((configmap|secret) ".*" not found|couldn't find key|.*runAsNonRoot)/, 'CreateContainerConfigError'],
];
/** The kubelet's `Error: REASON`, which follows an event that says more. */
const bareReason = /^Error: ([A-Z][A-Za-z]+)$/;

function reasonOf({ reason, message = '' }: Event): string | undefined {
  if (message.startsWith('Failed to pull image')) return 'ErrImagePull';
  if (message.startsWith('Failed to apply default image tag')) return 'InvalidImageName';
  if (reason === 'InspectFailed') return 'ImageInspectError';
  if (reason === 'ErrImageNeverPull') return reason;
  return errorTexts.find(([text]) => text.test(message))?.[1] ?? bareReason.exec(message)?.[1];
}

/**
 * What the kubelet's warnings say of a container that does not start, in its own words. They come at once, where the
 * pod's status says the same up to 15 s later. Undefined: nothing is wrong yet. Throws Failure `forbidden` to those who may not
 * list events.
 */
export async function startWarning(
  cluster: Cluster,
  { namespace, pod, podUid, name }: StartingContainer,
  signal: AbortSignal,
): Promise<{ reason: string; message: string } | undefined> {
  const fieldSelector = `involvedObject.name=${pod},type=Warning`;
  const warnings: Event[] = [];
  for await (const page of cluster.list<Event>(`/api/v1/namespaces/${namespace}/events`, { fieldSelector, signal })) {
    warnings.push(...page);
  }
  // A probe pod's is an ordinary container, and a native sidecar is an init container.
  const lists = ['ephemeralContainers', 'containers', 'initContainers'];
  const fieldPaths = lists.map((list) => `spec.${list}{${name}}`);
  const ours = warnings.filter(
    ({ involvedObject, reason = '', message }) =>
      fieldPaths.includes(involvedObject?.fieldPath ?? '') &&
      (podUid === undefined || involvedObject?.uid === podUid) &&
      failureReasons.has(reason) &&
      !passes(message),
  );
  const telling = ours.find(({ message = '' }) => !bareReason.test(message)) ?? ours[0];
  if (telling === undefined) return undefined;
  const reason = reasonOf(telling) ?? ours.map(reasonOf).find((word) => word !== undefined);
  return { reason: reason ?? 'ToolContainerFailed', message: telling.message ?? '' };
}

/** Whether a Failure only says that something may not be read. */
export function isForbidden(thrown: unknown): boolean {
  return thrown instanceof Failure && thrown.code === 'forbidden';
}

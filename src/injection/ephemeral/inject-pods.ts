// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import type { Pod } from '../../kube/objects.js';
import { podLabel } from '../../kube/pod-eligibility.js';
import { patchToolContainer } from '../../kube/tool-container-patch.js';
import { endpointsOf, memberOf, meshOf, type MeshMember } from '../live/members.js';
import { pingPortOf, proberContainer, proberToFeed, type EphemeralOptions } from './container.js';
import { feed } from './control.js';
import { inEach } from './each-place.js';
import { refusal, refuse, requireEligible, type Addition } from './refusals.js';

export interface EphemeralInjection {
  options: EphemeralOptions;
  periodMs: number;
  dryRun: 'none' | 'server' | 'client';
  /** How long a prober may take to start. */
  timeoutMs: number;
  signal: AbortSignal;
}

export interface EphemeralObserver {
  say: (line: string) => void;
  progress: (text: string) => void;
  /** Its prober runs and has the peers; `unchanged` where it ran before. */
  done: (pod: Pod, outcome: 'changed' | 'unchanged') => void;
}

/** A pod and the prober in it that is there, or is to be added. A pod with a sidecar of the mesh is only probed. */
interface Place extends Addition {
  isNew: boolean;
}

/**
 * Starts probers in running pods, and tells all of them who the others are. What can be refused is, before the first pod
 * gets one; what fails later in one pod leaves the others alone. Throws Failure: `forbidden`, `unsupported`, `usage`, and
 * `tool` in the kubelet's words where one does not start.
 */
export async function injectPods(
  cluster: Cluster,
  pods: readonly Pod[],
  request: EphemeralInjection,
  observer: EphemeralObserver,
): Promise<void> {
  const { options, dryRun, signal } = request;
  const places = pods.map((pod) => place(pod, options));
  const fresh = places.filter(({ isNew }) => isNew);
  observer.progress('asking what would be refused');
  await refuse(cluster, pods, fresh, { ...request, say: observer.say });
  if (dryRun !== 'none') {
    for (const { pod, isNew } of places) observer.done(pod, isNew ? 'changed' : 'unchanged');
    return;
  }
  if (fresh.length > 0) {
    const are = fresh.length === 1 ? '1 pod gets an entry' : `${fresh.length} pods get an entry`;
    observer.say(`${are} for an ephemeral container, which stays listed until the pod is replaced`);
  }
  const added = await inEach(places, async ({ pod, container, isNew }) => {
    if (!isNew || container === undefined) return;
    await patchToolContainer(cluster, pod, container, { signal }).catch((thrown: unknown) => {
      throw refusal(thrown, pod);
    });
  });
  const peers = JSON.stringify({
    endpointsMap: endpointsOf(added.done.flatMap((each) => member(each) ?? [])),
    pollingPeriod: request.periodMs * 1e6,
  });
  observer.progress('waiting for the probers to start');
  const fed = await inEach(added.done, async ({ pod, container }) => {
    if (container !== undefined) await feed(cluster, pod, container.name, peers, request);
  });
  for (const { pod, isNew } of fed.done) observer.done(pod, isNew ? 'changed' : 'unchanged');
  // What was interrupted may start all the same; what cannot start cannot be ended either.
  const running = signal.aborted ? added.done : fed.done;
  throwFailed([...added.failures, ...fed.failures], running, observer);
}

/** One failure ends the command; the others are said before it, and how to end what runs all the same. */
function throwFailed(
  [failure, ...others]: readonly Failure[],
  running: readonly Place[],
  { say }: EphemeralObserver,
): void {
  if (failure === undefined) return;
  if (failure.code !== 'interrupted') for (const { message } of others) say(`error: ${message}`);
  const { code, message, status, reason, remedy, cause } = failure;
  const names = running
    .filter(({ isNew }) => isNew)
    .map(({ pod }) => `${pod.metadata.namespace ?? ''}/pod/${pod.metadata.name}`);
  const undo = `end the probers that were added: kubectl netmachinery uninject --ephemeral ${names.join(' ')}`;
  const hints = [failure.hint, ...(names.length === 0 ? [] : [undo])].filter((text) => text !== undefined);
  throw new Failure(code, message, { status, reason, remedy, cause, hint: hints.join('; ') });
}

function place(pod: Pod, options: EphemeralOptions): Place {
  requireEligible(pod);
  if (pod.spec.hostNetwork === true) {
    throw new Failure(
      'usage',
      `pod ${podLabel(pod)} uses the network of its node: two such pods would want the same port`,
    );
  }
  const sidecar = meshOf(pod);
  if (sidecar !== undefined) {
    if (memberOf(pod) !== undefined) return { pod, container: undefined, isNew: false };
    throw new Failure('usage', `pod ${podLabel(pod)} has a prober as a sidecar, and is not ready`);
  }
  const known = proberToFeed(pod, options);
  return { pod, container: known ?? proberContainer(pod, options), isNew: known === undefined };
}

function member({ pod, container }: Place): MeshMember | undefined {
  if (container === undefined) return memberOf(pod);
  const { metadata, spec, status } = pod;
  if (!status?.podIP) return undefined;
  return {
    namespace: metadata.namespace ?? 'default',
    pod: metadata.name,
    node: spec.nodeName ?? '',
    ip: status.podIP,
    port: pingPortOf(container),
  };
}

// SPDX-License-Identifier: Apache-2.0
import { ephemeralProberName, neighboursVariable } from '../model/prober.js';
import { ephemeralStatus } from './container-state.js';
import type { Container, ContainerStatus, Pod } from './objects.js';
import { isProbePod, probePodAnnotations } from './probe-pod-metadata.js';
import { isIdleCommand } from './tool-container-script.js';
import { callerVariable, environmentValue, imageVariable, reasonVariable } from './tool-container-spec.js';

/** Something of ours in the cluster; only what matters of it, so that those of many pods can be held. */
export interface Leftover {
  kind: 'ToolContainer' | 'ProbePod' | 'Prober';
  namespace: string;
  pod: string;
  podUid: string | undefined;
  /** The tool container or prober; of a probe pod its only container. */
  container: string | undefined;
  caller: string | undefined;
  reason: string | undefined;
  /** RFC 3339; undefined where it has not started. */
  startedAt: string | undefined;
  state: 'running' | 'waiting' | 'ended';
  /** Why it waits, in the kubelet's words. */
  waitingReason: string | undefined;
  /** Whether it idles until it is told to end, or probes for nobody in particular; another one does its work and ends by itself. */
  idles: boolean;
}

const ourName = /^netmachinery-(?:[a-z]+-)*[1-9]\d*$/;

function kindOf(container: Container): 'ToolContainer' | 'Prober' | undefined {
  const has = (variable: string) => environmentValue(container, variable) !== undefined;
  if (ourName.test(container.name) && has(imageVariable)) return 'ToolContainer';
  return ephemeralProberName.test(container.name) && has(neighboursVariable) ? 'Prober' : undefined;
}

function stateOf(status: ContainerStatus | undefined): Pick<Leftover, 'state' | 'startedAt' | 'waitingReason'> {
  const { running, terminated, waiting } = status?.state ?? {};
  if (terminated !== undefined) return { state: 'ended', startedAt: undefined, waitingReason: undefined };
  if (running !== undefined) return { state: 'running', startedAt: running.startedAt, waitingReason: undefined };
  return { state: 'waiting', startedAt: undefined, waitingReason: waiting?.reason };
}

function probePod(pod: Pod): Leftover {
  const { namespace = 'default', name, uid, annotations = {}, creationTimestamp } = pod.metadata;
  const [container] = pod.spec.containers;
  const status = pod.status?.containerStatuses?.find((each) => each.name === container?.name);
  return {
    kind: 'ProbePod',
    namespace,
    pod: name,
    podUid: uid,
    container: container?.name,
    caller: annotations[probePodAnnotations.caller],
    reason: annotations[probePodAnnotations.reason],
    ...stateOf(status),
    startedAt: creationTimestamp,
    idles: isIdleCommand(container?.command),
  };
}

/** What of ours is in a pod, or the pod itself where it is a probe pod. Foreign ephemeral containers are none of it. */
export function leftoversOf(pod: Pod): Leftover[] {
  const { namespace = 'default', name, uid } = pod.metadata;
  if (isProbePod(pod)) return [probePod(pod)];
  const finished = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  return (pod.spec.ephemeralContainers ?? []).flatMap((container) => {
    const kind = kindOf(container);
    if (kind === undefined) return [];
    const found = stateOf(ephemeralStatus(pod, container.name));
    return {
      kind,
      namespace,
      pod: name,
      podUid: uid,
      container: container.name,
      caller: environmentValue(container, callerVariable),
      reason: environmentValue(container, reasonVariable),
      ...found,
      // The containers of a finished pod do not run, whatever its last status says.
      state: finished ? 'ended' : found.state,
      idles: kind === 'Prober' || isIdleCommand(container.command),
    };
  });
}

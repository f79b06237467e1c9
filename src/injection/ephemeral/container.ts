// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import { ephemeralStatus, neverStarts } from '../../kube/container-state.js';
import type { Container, Pod } from '../../kube/objects.js';
import { podLabel } from '../../kube/pod-eligibility.js';
import { callerVariable, environmentValue } from '../../kube/tool-container-spec.js';
import {
  defaultPingPort,
  durationVariable,
  ephemeralProberName,
  meshVariable,
  neighboursVariable,
  proberContainerName,
} from '../../model/prober.js';
import type { InjectionOptions } from '../sidecar.js';
import { sidecarOf } from '../sidecar.js';

/** What a prober in a running pod is to be like. */
export interface EphemeralOptions extends Omit<InjectionOptions, 'configMap' | 'native'> {
  /** After so many seconds it ends by itself. */
  durationSeconds: number;
  /** Who adds it, as the API server calls them, so that `clean` knows whose it is. */
  caller?: string | undefined;
}

const configVariable = 'NET_PROBER_CONFIG_FILE';
/** No volume can be added to a running pod, so the list is in the container's own files. */
const configFile = '/tmp/netprober/config.json';
/** Ephemeral containers stay in the pod's specification for ever, so there is an end to adding them. */
const mostOfPod = 10;

/** The probers of ours among the ephemeral containers of a pod that have not ended. */
function unendedProbers(pod: Pod): Container[] {
  return (pod.spec.ephemeralContainers ?? []).filter(
    (container) =>
      ephemeralProberName.test(container.name) &&
      environmentValue(container, neighboursVariable) !== undefined &&
      ephemeralStatus(pod, container.name)?.state?.terminated === undefined,
  );
}

/** Whether the kubelet has said that it cannot start it, such as without its image. */
export function isStuck(pod: Pod, { name }: Pick<Container, 'name'>): boolean {
  const { reason, message } = ephemeralStatus(pod, name)?.state?.waiting ?? {};
  return reason !== undefined && neverStarts(reason, message);
}

/** Those of them that run, or are about to. */
export function livingProbers(pod: Pod): Container[] {
  return unendedProbers(pod).filter((container) => !isStuck(pod, container));
}

/** The port on which a prober is pinged. */
export function pingPortOf(container: Container): number {
  return Number(environmentValue(container, 'HTTP_PORT') ?? defaultPingPort);
}

/**
 * The prober of a pod that goes on for this mesh; undefined where one has to be added: also where one of
 * another image cannot start. Throws Failure `usage` for another mesh.
 */
export function proberToFeed(
  pod: Pod,
  { mesh, agentImage }: Pick<EphemeralOptions, 'mesh' | 'agentImage'>,
): Container | undefined {
  // One that has just started is not said to run yet: two probers cannot have one port.
  const living = unendedProbers(pod).find((each) => each.image === agentImage || !isStuck(pod, each));
  const other = living && environmentValue(living, meshVariable);
  if (living === undefined || other === mesh) return living;
  throw new Failure('usage', `pod ${podLabel(pod)} has a prober of mesh ${other ?? 'unknown'} already`, {
    hint: 'end it with uninject --ephemeral, or give --mesh that name',
  });
}

/** The sidecar as an ephemeral container, which may have no ports, resources and new volumes. */
export function proberContainer(pod: Pod, { durationSeconds, caller, ...options }: EphemeralOptions): Container {
  const { container } = sidecarOf({ ...options, configMap: 'none', native: false });
  const others = container.env.filter(({ name }) => name !== configVariable);
  const securityContext = Object.fromEntries(
    Object.entries(container.securityContext).filter(([field]) => field !== 'readOnlyRootFilesystem'),
  );
  return {
    name: `${proberContainerName}-${nextNumber(pod)}`,
    image: options.agentImage,
    imagePullPolicy: 'IfNotPresent',
    env: [
      ...others,
      { name: configVariable, value: configFile },
      { name: durationVariable, value: String(durationSeconds) },
      ...(caller === undefined ? [] : [{ name: callerVariable, value: caller }]),
    ],
    securityContext,
  };
}

function nextNumber(pod: Pod): number {
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  const numbers = [...containers, ...initContainers, ...ephemeralContainers].flatMap(({ name }) =>
    ephemeralProberName.test(name) ? Number(name.slice(proberContainerName.length + 1)) : [],
  );
  if (numbers.length >= mostOfPod) {
    throw new Failure('tool', `pod ${podLabel(pod)} already has had ${numbers.length} probers`, {
      hint: 'ephemeral containers cannot be removed: replace the pod (delete it, or kubectl rollout restart its owner)',
    });
  }
  return Math.max(0, ...numbers) + 1;
}

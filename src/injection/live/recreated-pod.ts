// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import { isObject, objectsIn, podSpec, type JsonObject } from '../pod-template.js';
import { workloadLabel, type LiveWorkload } from './workload.js';

/** What the server, its admission and the kubelet fill in, so that a new pod gets it again. */
const filledMetadata = [
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'managedFields',
  'generation',
  'selfLink',
  'ownerReferences',
];
const filledSpec = ['nodeName', 'ephemeralContainers', 'priority'];
/** The volume that service account admission adds (plugin/pkg/admission/serviceaccount). */
const tokenVolume = /^kube-api-access-[a-z0-9]{5}$/;
const mirrorAnnotation = 'kubernetes.io/config.mirror';

/** Throws Failure where a pod is not one that somebody made by hand. */
export function refuseOwned({ object, ...names }: LiveWorkload): void {
  const owner = object.metadata.ownerReferences?.find(({ controller }) => controller === true);
  const label = workloadLabel({ ...names });
  if (owner !== undefined) {
    throw new Failure(
      'usage',
      `${label} belongs to ${owner.kind.toLowerCase()}/${owner.name}, which would replace it`,
      {
        hint: 'name the workload instead, such as deploy/NAME; --ephemeral adds a prober to running pods',
      },
    );
  }
  if (object.metadata.annotations?.[mirrorAnnotation] !== undefined) {
    throw new Failure('usage', `${label} is a static pod: change its file on the node`);
  }
}

/** A pod as it was asked for, to be created again: without what the cluster has added. */
export function askedPod(pod: JsonObject, name: string): JsonObject {
  const spec = without(podSpec(pod, name), filledSpec);
  const metadata = isObject(pod['metadata']) ? pod['metadata'] : {};
  const containers = (list: string) =>
    spec[list] === undefined ? {} : { [list]: objectsIn(spec, list, name).map(withoutToken) };
  const volumes = objectsIn(spec, 'volumes', name).filter((volume) => !isToken(volume));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: without(metadata, filledMetadata),
    spec: {
      ...without(spec, ['volumes']),
      ...containers('containers'),
      ...containers('initContainers'),
      ...(volumes.length === 0 ? {} : { volumes }),
    },
  };
}

function isToken({ name }: JsonObject): boolean {
  return typeof name === 'string' && tokenVolume.test(name);
}

function withoutToken(container: JsonObject): JsonObject {
  const { volumeMounts, ...rest } = container;
  if (!Array.isArray(volumeMounts)) return container;
  const kept = volumeMounts.filter((mount) => !(isObject(mount) && isToken(mount)));
  return kept.length === 0 ? rest : { ...rest, volumeMounts: kept };
}

function without(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

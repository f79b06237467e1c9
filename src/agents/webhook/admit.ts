// SPDX-License-Identifier: Apache-2.0
import { asFailure, Failure } from '../../errors/failure.js';
import { injectWorkload } from '../../injection/inject.js';
import { selects, type ProberSpec } from '../../injection/network-prober.js';
import { ourContainer } from '../../injection/our-container.js';
import { isObject, nameOf, type JsonObject } from '../../injection/pod-template.js';
import type { KubeObject } from '../../kube/objects.js';
import { deployedAnnotation, peerListName } from '../../model/prober.js';
import { imageFor, type AgentImages } from '../agent-images.js';
import type { AdmissionRequest } from './admission-review.js';
import { jsonPatch, type PatchOperation } from './json-patch.js';

/** How a request ended, as a closed list: it is a label. */
export const outcomes = ['injected', 'present', 'unselected', 'refused', 'failed', 'malformed'] as const;
export type Outcome = (typeof outcomes)[number];

export interface Admission {
  outcome: Outcome;
  /** Empty unless injected. */
  patch: PatchOperation[];
  /** For the user, why a pod that a NetworkProber selects has no prober. */
  warnings: string[];
}

export interface WebhookSettings {
  images: AgentImages;
  /** Whether the server runs native sidecars. */
  native: boolean;
}

/**
 * What is done with a request. The first NetworkProber that selects the pod decides: those of its own namespace come
 * first, then those that its Namespace consents to, each in the order of their names. A pod that has a prober, of anybody's,
 * keeps it, so that a second call changes nothing. Never throws, and never denies.
 */
export function admit(
  request: AdmissionRequest,
  probers: readonly ProberSpec[],
  namespaces: ReadonlyMap<string, KubeObject>,
  settings: WebhookSettings,
): Admission {
  const { pod, namespace } = request;
  if (pod === undefined) return { outcome: 'unselected', patch: [], warnings: [] };
  // One whose Namespace is not known yet has consented to nobody.
  const home = namespaces.get(namespace) ?? { metadata: { name: namespace } };
  const metadata = fieldsOf(pod['metadata']);
  const prober = [...probers]
    .sort((one, other) => compare(one, other, namespace))
    .find((candidate) => selects(candidate, home, stringsOf(metadata['labels'])));
  if (prober === undefined) return { outcome: 'unselected', patch: [], warnings: [] };
  try {
    const isDeployed = fieldsOf(metadata['annotations'])[deployedAnnotation] === 'true';
    if (isDeployed || ourContainer(pod, nameOf(pod)) !== undefined) {
      return { outcome: 'present', patch: [], warnings: [] };
    }
    return { outcome: 'injected', patch: injection(pod, namespace, prober, settings), warnings: [] };
  } catch (thrown) {
    const { code, message, hint } = asFailure(thrown);
    const words = `no prober of NetworkProber ${prober.mesh} was added: ${message}`;
    return {
      outcome: code === 'usage' ? 'refused' : 'failed',
      patch: [],
      warnings: [hint === undefined ? words : `${words} (${hint})`],
    };
  }
}

function injection(
  pod: JsonObject,
  namespace: string,
  prober: ProberSpec,
  { images, native }: WebhookSettings,
): PatchOperation[] {
  const agentImage = imageFor(prober.image, images);
  if (agentImage === undefined) {
    throw new Failure('usage', `its image ${String(prober.image)} is not on the allow-list of the controller`);
  }
  const { mesh, pingPort, metricsPort, neighbours } = prober;
  const configMap = peerListName(mesh, namespace);
  return jsonPatch(
    pod,
    injectWorkload(pod, { agentImage, mesh, configMap, native, pingPort, metricsPort, neighbours }),
  );
}

function compare(one: ProberSpec, other: ProberSpec, home: string): number {
  const keys = ({ namespace, name }: ProberSpec): string[] => [namespace === home ? '' : namespace, name];
  const [first, second] = [keys(one), keys(other)];
  const differing = first.findIndex((key, index) => key !== second[index]);
  if (differing === -1) return 0;
  return (first[differing] ?? '') < (second[differing] ?? '') ? -1 : 1;
}

function fieldsOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function stringsOf(value: unknown): Record<string, string> {
  const entries = Object.entries(fieldsOf(value));
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

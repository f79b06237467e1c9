// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { KubeObject } from '../../kube/objects.js';
import {
  defaultPeriodMs,
  longestPeriodMs,
  meshAnnotation,
  peerListKey,
  peerListLabel,
  shortestPeriodMs,
} from '../../model/prober.js';
import type { ListPlace } from './peer-lists.js';

export interface ConfigMap extends KubeObject {
  binaryData?: Record<string, string>;
}

/** Labels of the ConfigMaps that we keep. */
const listLabels = { [peerListLabel]: 'controller', 'app.kubernetes.io/managed-by': 'netmachinery' };
/** Of all values of a ConfigMap together (k8s.io/api/core/v1 MaxSecretSize). */
const mostBytes = 1024 * 1024;
const msToNs = 1e6;

/** Why a ConfigMap of the name of a peer list is not ours to change; undefined where it is. */
export function whyLeftAlone({ metadata }: ConfigMap): 'Static' | 'NotOurs' | undefined {
  const label = metadata.labels?.[peerListLabel];
  if (label === 'controller') return undefined;
  return label === 'static' ? 'Static' : 'NotOurs';
}

/** The peer list in a ConfigMap as text; undefined where there is none. */
export function listText(configMap: ConfigMap | undefined): string | undefined {
  const data = configMap?.binaryData?.[peerListKey];
  return data === undefined ? undefined : Buffer.from(data, 'base64').toString('utf8');
}

/** A peer list in the format of k8s-network-prober. A period that is not known is that of the list before, else 1 s. */
export function nextListText(endpoints: string, periodNs: number | undefined, before: string | undefined): string {
  const text = `{"endpointsMap":${endpoints},"pollingPeriod":${periodNs ?? periodOf(before) ?? defaultPeriodMs * msToNs}}`;
  const bytes = Buffer.byteLength(text);
  if (bytes > mostBytes) {
    throw new Failure(
      'unsupported',
      `the peer list has ${bytes} bytes, but a ConfigMap holds no more than ${mostBytes}`,
      {
        reason: 'PeerListTooLong',
      },
    );
  }
  return text;
}

/** Only one that a prober would take. */
function periodOf(text: string | undefined): number | undefined {
  try {
    const { pollingPeriod } = JSON.parse(text ?? '{}') as { pollingPeriod?: unknown };
    const isGood =
      typeof pollingPeriod === 'number' &&
      pollingPeriod >= shortestPeriodMs * msToNs &&
      pollingPeriod <= longestPeriodMs * msToNs;
    return isGood ? pollingPeriod : undefined;
  } catch {
    return undefined;
  }
}

/** The ConfigMap for server-side apply; refused with 409 where it is no longer the one that was read. */
export function appliedList({ namespace, name, mesh }: ListPlace, text: string, before: ConfigMap | undefined): object {
  const resourceVersion = before?.metadata.resourceVersion;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      namespace,
      name,
      labels: listLabels,
      annotations: { [meshAnnotation]: mesh },
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    binaryData: { [peerListKey]: Buffer.from(text).toString('base64') },
  };
}

/** Whether a ConfigMap is what would be applied. */
export function isApplied(configMap: ConfigMap | undefined, { mesh }: ListPlace, text: string): boolean {
  const labels: Readonly<Record<string, string>> = configMap?.metadata.labels ?? {};
  return (
    listText(configMap) === text &&
    configMap?.metadata.annotations?.[meshAnnotation] === mesh &&
    Object.entries(listLabels).every(([key, value]) => labels[key] === value)
  );
}

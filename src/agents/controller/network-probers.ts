// SPDX-License-Identifier: Apache-2.0
import { parseNetworkProber, type ParsedProber } from '../../injection/network-prober.js';
import type { KubeObject } from '../../kube/objects.js';
import { allowProberFrom } from '../../model/prober.js';
import type { ListedProber } from './peer-lists.js';
import type { ProberStatus } from './prober-status.js';

export const networkProbersPath = '/apis/probes.bigmikes.io/v1alpha1/networkprobers';

/** A NetworkProber as the API server sends it. */
export interface NetworkProber extends KubeObject {
  metadata: KubeObject['metadata'] & { generation?: number };
  status?: ProberStatus;
}

/** What is held of a NetworkProber. */
export interface HeldProber {
  namespace: string;
  name: string;
  /** Tells it from one of the same name before it. */
  uid: string | undefined;
  generation: number | undefined;
  parsed: ParsedProber;
  status: ProberStatus | undefined;
}

/** Undefined for one that is being deleted: probing stops now, not when its last finalizer has gone. */
export function heldProber(object: NetworkProber): HeldProber | undefined {
  const { namespace = '', name, uid, generation, deletionTimestamp } = object.metadata;
  if (deletionTimestamp !== undefined) return undefined;
  return { namespace, name, uid, generation, parsed: parseNetworkProber(object), status: object.status };
}

/** What a NetworkProber's peer lists are made of. */
export function listedProber({ namespace, name, parsed }: HeldProber): ListedProber {
  return { namespace, name, periodMs: 'prober' in parsed ? parsed.prober.periodMs : undefined };
}

/** What is held of a Namespace: its name, and whom it lets in. Undefined for one that is going away: nothing can be made there. */
export function heldNamespace({ metadata }: KubeObject): KubeObject | undefined {
  if (metadata.deletionTimestamp !== undefined) return undefined;
  return { metadata: { name: metadata.name, ...consent('labels', metadata), ...consent('annotations', metadata) } };
}

function consent(field: 'labels' | 'annotations', metadata: KubeObject['metadata']): Partial<KubeObject['metadata']> {
  const value = metadata[field]?.[allowProberFrom];
  return value === undefined ? {} : { [field]: { [allowProberFrom]: value } };
}

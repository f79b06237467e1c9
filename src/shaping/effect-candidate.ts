// SPDX-License-Identifier: Apache-2.0
import type { Pod } from '../kube/objects.js';
import type { Direction } from '../model/shaping.js';
import type { IpFamily } from '../targets/names.js';
import type { DestinationRef } from '../targets/refs.js';
import type { SourcePod } from '../targets/source-pod.js';
import type { Scope } from './scope.js';

/** One thing to measure against: an address, or a name that the shaped pod resolves. */
export interface EffectCandidate {
  /** `namespace/pod`, a host name or an address. */
  label: string;
  family: IpFamily;
  address?: string;
  host?: string;
  /** Where connects are measured. */
  port?: number;
}

/** What a shape's effect is measured against, and how. */
export interface EffectTarget {
  probe: 'echo' | 'connect';
  /** The best first, at least one; measured is the first that answers without the shape. */
  candidates: readonly EffectCandidate[];
}

export interface EffectTargetOptions {
  /** All pods that are shaped at the same time: measured against one of these, an effect would count twice. */
  shaped: readonly Pod[];
  source: SourcePod;
  /** Addresses and networks that the shape is limited to; empty for none. */
  peerAddresses: readonly string[];
  verifyTo?: DestinationRef | undefined;
  scope: Scope;
  direction: Direction;
  families?: readonly IpFamily[] | undefined;
  signal?: AbortSignal | undefined;
}

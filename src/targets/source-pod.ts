// SPDX-License-Identifier: Apache-2.0
import type { Pod } from '../kube/objects.js';
import type { IpFamily } from './names.js';
import { addressesOf, type Addresses } from './pod-facts.js';

/** A pod that packets leave from. It need not be running: who probes says so in the report. */
export interface SourcePod {
  namespace: string;
  name: string;
  /** Empty for a pod that is not scheduled. */
  node: string;
  /** Only of the wanted families; empty for a pod that has none. */
  addresses: Addresses;
  /** The family of the pod's first address: what its own applications would use. */
  primaryFamily: IpFamily;
  pod: Pod;
}

/** A pod as a source, with its addresses of the wanted families. */
export function sourcePod(pod: Pod, families: readonly IpFamily[] = [4, 6]): SourcePod {
  const addresses = addressesOf(pod, families);
  const own = pod.status?.podIP?.includes(':') === true ? 6 : 4;
  const other = own === 6 ? 4 : 6;
  return {
    namespace: pod.metadata.namespace ?? '',
    name: pod.metadata.name,
    node: pod.spec.nodeName ?? '',
    addresses,
    primaryFamily: addresses[own] === undefined && addresses[other] !== undefined ? other : own,
    pod,
  };
}

// SPDX-License-Identifier: Apache-2.0
import type { Pod } from './objects.js';

/** The label of every probe pod. */
export const probePodLabel = 'netmachinery.io/probe-pod';

/** Annotations of a probe pod: who had it created and why, and the pod that it is like, as `NAMESPACE/NAME`. */
export const probePodAnnotations = {
  caller: 'netmachinery.io/caller',
  reason: 'netmachinery.io/reason',
  source: 'netmachinery.io/source-pod',
} as const;

/** Whether a pod is one of ours. */
export function isProbePod({ metadata }: Pod): boolean {
  return metadata.labels?.[probePodLabel] !== undefined;
}

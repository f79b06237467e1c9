// SPDX-License-Identifier: Apache-2.0
import type { Pod } from '../kube/objects.js';

/** A DaemonSet's pod, which its controller makes for one node and says so as an affinity to the field metadata.name. */
export type DaemonPod = Pod & {
  spec: {
    affinity?: {
      nodeAffinity?: {
        requiredDuringSchedulingIgnoredDuringExecution?: {
          nodeSelectorTerms?: { matchFields?: { key: string; values?: string[] }[] }[];
        };
      };
    };
  };
};

/** The node that a DaemonSet's pod runs on or, where it is not scheduled yet, is made for. */
export function nodeOfDaemonPod({ spec }: DaemonPod): string | undefined {
  if (spec.nodeName !== undefined) return spec.nodeName;
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  return terms.flatMap(({ matchFields = [] }) => matchFields).find(({ key }) => key === 'metadata.name')?.values?.[0];
}

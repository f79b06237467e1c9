// SPDX-License-Identifier: Apache-2.0
import type { Node } from '../kube/objects.js';

/** Which nodes are to have agents. */
export interface NodeSelection {
  /** Labels that a node must have. */
  nodeSelector: Readonly<Record<string, string>>;
  /** As Kubernetes has them; where there are none every taint is tolerated. */
  tolerations: readonly object[];
  /** Also nodes that are cordoned. */
  includeUnschedulable: boolean;
}

/** A node that is to have agents, and what explains that it has none. */
export interface ExpectedNode {
  name: string;
  isReady: boolean;
  isCordoned: boolean;
  /** `NotReady: kubelet stopped posting node status`, `cordoned`; undefined where all is well. */
  condition: string | undefined;
}

/** The chosen Linux nodes, by name. */
export function expectedNodes(_nodes: readonly Node[], _selection: NodeSelection): ExpectedNode[] {
  throw new Error('not built yet');
}

// SPDX-License-Identifier: Apache-2.0
import { cordonedText } from '../../connectivity/cordoned-nodes.js';
import { expectedNodes, type ExpectedNode, type NodeSelection } from '../../connectivity/expected.js';
import type { Node } from '../../kube/objects.js';
import { keyOf } from './agent-book.js';
import type { HeldPod } from './held-objects.js';

/** What there should be, and what there is of it. */
export interface Expectations {
  nodes: ExpectedNode[];
  /** Which nodes are not checked because they are cordoned, in words; undefined where none is. */
  cordoned: string | undefined;
  /** The newest pod of each node and network, whether it runs or not. */
  newest: ReadonlyMap<string, HeldPod>;
}

export function expectationsOf(
  nodes: readonly Node[],
  selection: NodeSelection,
  pods: Iterable<HeldPod>,
): Expectations {
  const newest = new Map<string, HeldPod>();
  for (const held of pods) {
    if (held.node === undefined) continue;
    const key = keyOf(held.node, held.network);
    const other = newest.get(key);
    if (other === undefined || bornAt(held) >= bornAt(other)) newest.set(key, held);
  }
  return {
    nodes: expectedNodes(nodes, selection),
    cordoned: cordonedText(nodes, selection, 'check install --include-unschedulable'),
    newest,
  };
}

function bornAt({ pod }: HeldPod): string {
  return pod.metadata.creationTimestamp ?? '';
}

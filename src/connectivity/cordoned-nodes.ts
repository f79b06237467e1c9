// SPDX-License-Identifier: Apache-2.0
import { expectedNodes, type NodeSelection } from './expected.js';
import { listed } from './words.js';
import type { Node } from '../kube/objects.js';

/** Says which nodes are not checked for no other reason than that they are cordoned, although pods may run there; undefined where none is. `flag`: what takes them in. */
export function cordonedText(
  nodes: readonly Node[],
  selection: NodeSelection,
  flag = '--include-unschedulable',
): string | undefined {
  if (selection.includeUnschedulable) return undefined;
  const cordoned = expectedNodes(nodes, { ...selection, includeUnschedulable: true }).filter(
    ({ isCordoned }) => isCordoned,
  );
  if (cordoned.length === 0) return undefined;
  const [verb, pronoun] = cordoned.length === 1 ? ['is', 'it'] : ['are', 'them'];
  return `${listed(cordoned.map(({ name }) => name))} ${verb} cordoned and not checked: ${flag} takes ${pronoun} in`;
}

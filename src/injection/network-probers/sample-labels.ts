// SPDX-License-Identifier: Apache-2.0
import type { LabelSelector } from '../../kube/objects.js';
import { matchesSelector } from '../../targets/label-selectors.js';

/** Labels of a pod that a selector selects; undefined for one that contradicts itself. */
export function sampleLabels(selector: LabelSelector): Record<string, string> | undefined {
  const expressions = selector.matchExpressions ?? [];
  const labels: Record<string, string> = {};
  for (const { key, operator, values = [] } of expressions) {
    if (operator === 'Exists') labels[key] ??= 'any';
    if (operator === 'In') {
      const allowed = values.filter((value) =>
        expressions.every(
          (other) => other.key !== key || matchesSelector({ matchExpressions: [other] }, { [key]: value }),
        ),
      );
      labels[key] = allowed[0] ?? values[0] ?? '';
    }
  }
  Object.assign(labels, selector.matchLabels);
  return matchesSelector(selector, labels) ? labels : undefined;
}

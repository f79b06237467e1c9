// SPDX-License-Identifier: Apache-2.0
import type { LabelSelector } from '../kube/objects.js';
import { matchesSelector } from '../targets/label-selectors.js';
import { and, type Truth } from './truth.js';

/** Set on every namespace by the API server, and to nothing else than its name. */
const nameLabel = 'kubernetes.io/metadata.name';

/** Whether a selector can be decided by the name of a namespace alone. */
export function asksForNameOnly({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)].every((key) => key === nameLabel);
}

/** Whether a selector selects a namespace, whose labels may be unreadable. */
export function namespaceMatches(
  selector: LabelSelector,
  namespace: string,
  labels: Readonly<Record<string, string>> | undefined,
): Truth {
  if (labels !== undefined) return matchesSelector(selector, labels);
  const { matchLabels = {}, matchExpressions = [] } = selector;
  const name = matchLabels[nameLabel];
  const byName: LabelSelector = {
    ...(name === undefined ? {} : { matchLabels: { [nameLabel]: name } }),
    matchExpressions: matchExpressions.filter(({ key }) => key === nameLabel),
  };
  return and(matchesSelector(byName, { [nameLabel]: namespace }), asksForNameOnly(selector) ? true : undefined);
}

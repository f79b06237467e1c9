// SPDX-License-Identifier: Apache-2.0
import type { Fields } from '../manifests/fields.js';
import { noted } from '../manifests/noted.js';
import { readExpressions, readLabels } from '../manifests/pod-labels.js';
import { checkSelectorText } from '../manifests/selector-text.js';
import { formatSelector } from '../targets/label-selectors.js';
import { isDnsLabel } from '../targets/names.js';
import { quote } from '../targets/quote.js';
import { readWords } from './scalars.js';
import type { PodsByLabel } from './suite.js';

/**
 * A label selector as a text (`app=web`) or as the API writes it; the text of it, empty for one that selects everything.
 * Undefined where it is absent or wrong.
 */
export function readSelector(fields: Fields, name: string): string | undefined {
  const value = fields.raw(name);
  if (value === undefined || value === noted) return undefined;
  if (typeof value === 'string') {
    return fields.at(name).attempt(() => {
      checkSelectorText(value);
      return value.trim();
    });
  }
  const selector = fields.child(name);
  if (selector === undefined) return undefined;
  const matchLabels = readLabels(selector, 'matchLabels');
  const matchExpressions = readExpressions(selector, 'matchExpressions');
  selector.end();
  return formatSelector({ ...(matchLabels && { matchLabels }), ...(matchExpressions && { matchExpressions }) }) ?? '';
}

/** `selector`, `namespaces` and `namespaceSelector` of an object, whose other fields are the caller's. */
export function readPodsByLabel(fields: Fields): PodsByLabel | undefined {
  const selector = readSelector(fields, 'selector');
  if (!fields.has('selector')) fields.at('selector').wrong('is needed', 'write selector: app=web, or {} for all pods');
  const namespaces = readWords(fields, 'namespaces');
  namespaces?.forEach((namespace, index) => {
    if (isDnsLabel(namespace)) return;
    fields
      .at('namespaces')
      .at(index)
      .wrong(`${quote(namespace)} can not be a namespace`);
  });
  if (namespaces?.length === 0) fields.at('namespaces').wrong('is empty', 'leave it out for the namespace of the test');
  const namespaceSelector = readSelector(fields, 'namespaceSelector');
  if (namespaces !== undefined && fields.says('namespaceSelector')) {
    fields.at('namespaceSelector').wrong('namespaces stands beside it', 'leave one of them out');
  }
  if (selector === undefined) return undefined;
  return {
    kind: 'pods',
    text: describe(selector, namespaces, namespaceSelector),
    selector,
    ...(namespaces === undefined ? {} : { namespaces }),
    ...(namespaceSelector === undefined ? {} : { namespaceSelector }),
  };
}

/** For messages: `pods with app=web of shop, bank`. */
export function describe(selector: string, namespaces?: readonly string[], namespaceSelector?: string): string {
  const pods = selector === '' ? 'all pods' : `pods with ${selector}`;
  if (namespaces !== undefined) return `${pods} of ${namespaces.join(', ')}`;
  if (namespaceSelector === '') return `${pods} of all namespaces`;
  return namespaceSelector === undefined ? pods : `${pods} of namespaces with ${namespaceSelector}`;
}

// SPDX-License-Identifier: Apache-2.0
import type { Fields } from '../manifests/fields.js';
import { noted } from '../manifests/noted.js';
import { isDnsLabel, isDnsSubdomain } from '../targets/names.js';
import { quote } from '../targets/quote.js';
import type { SourceMode } from '../targets/source-choice.js';
import { describe, readSelector } from './pods-by-label.js';
import type { SuiteSource } from './suite.js';

/** Fields that networkmachinery declared and never read. */
export function warnUnread(fields: Fields, names: readonly string[], warnings: string[]): void {
  for (const name of names) {
    const value = fields.raw(name);
    if (value === undefined || value === '') continue;
    warnings.push(`${fields.at(name).toString()}: ignored: networkmachinery has never read it either`);
  }
}

export function readNamespaceOf(fields: Fields, name = 'namespace'): string | undefined {
  const namespace = fields.required(name);
  if (namespace === undefined || isDnsLabel(namespace)) return namespace;
  fields.at(name).wrong(`${quote(namespace)} can not be a namespace`);
  return undefined;
}

export function readPodName(fields: Fields): string | undefined {
  const name = fields.required('name');
  if (name === undefined || isDnsSubdomain(name)) return name;
  fields.at('name').wrong(`${quote(name)} can not be the name of a pod`);
  return undefined;
}

/**
 * `source` of a NetworkConnectivityTest or NetworkDelayTest: one pod, or all pods that `sourceSelector` matches in its
 * namespace, as the field was meant.
 */
export function readSeedSource(
  spec: Fields,
  warnings: string[],
): { source: SuiteSource; mode: SourceMode } | undefined {
  const fields = spec.child('source');
  if (!spec.has('source')) spec.at('source').wrong('is needed');
  if (fields === undefined) return undefined;
  warnUnread(fields, ['kind', 'container'], warnings);
  const namespace = readNamespaceOf(fields);
  const selector = readSelector(fields, 'sourceSelector');
  const hasName = fields.says('name') && fields.raw('name') !== '';
  // An empty selector beside a name asks for nothing.
  const bySelector = fields.says('sourceSelector') && !(hasName && selector === '');
  if (bySelector && hasName) {
    fields.at('sourceSelector').wrong('a source has a name or a selector', 'leave one of them out');
  }
  const name = bySelector || fields.raw('sourceSelector') === noted ? undefined : readPodName(fields);
  fields.end();
  if (namespace === undefined) return undefined;
  if (bySelector) {
    if (selector === undefined) return undefined;
    const text = describe(selector, [namespace]);
    return { source: { kind: 'pods', text, selector, namespaces: [namespace] }, mode: 'all' };
  }
  return name === undefined
    ? undefined
    : { source: { kind: 'pod', text: `${namespace}/pod/${name}`, namespace, name }, mode: 'one' };
}

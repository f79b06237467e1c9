// SPDX-License-Identifier: Apache-2.0
import { Fields } from './fields.js';
import { Place, type Located } from './place.js';
import type { Problems } from './problems.js';
import { parseYaml } from './yaml-text.js';

/** The text of a file or of standard input. */
export interface ManifestText {
  /** As the user named it. */
  name: string;
  text: string;
}

/**
 * The documents of a text in YAML or JSON, those of lists (`kind: List`, `NetworkChaosList`) one by one; empty ones are none.
 * What is no YAML is noted.
 */
export function documentsOf({ name, text }: ManifestText, problems: Problems): Located[] {
  problems.begin(name);
  const { documents, faults } = parseYaml(text.replace(/^\uFEFF/, ''));
  for (const { line, column, text: what, hint } of faults) {
    problems.add(`${name}:${line}:${column}: ${what}`, hint, { name, line, column });
  }
  return documents.flatMap(({ value, locate }) => {
    if (value === null || value === undefined) return [];
    const document = { value, place: new Place(problems, { name, locate }) };
    return isList(value) ? itemsOf(document) : [document];
  });
}

/** The objects of a text; a document that is none is noted. */
export function objectsOf(source: ManifestText, problems: Problems): Fields[] {
  return documentsOf(source, problems).flatMap(({ value, place }) => Fields.of(value, place) ?? []);
}

function isList(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('items' in value)) return false;
  const { kind, items } = value;
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
}

function itemsOf({ value, place }: Located): Located[] {
  const list = Fields.of(value, place);
  for (const known of ['apiVersion', 'kind', 'metadata']) list?.raw(known);
  const items = list?.list('items') ?? [];
  list?.end();
  return items.filter((item) => {
    // kubectl writes no list within a list.
    if (isList(item.value)) item.place.wrong('a list within a list is not taken');
    return !isList(item.value);
  });
}

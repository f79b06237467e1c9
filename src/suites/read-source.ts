// SPDX-License-Identifier: Apache-2.0
import { describeValue, Fields } from '../manifests/fields.js';
import { noted } from '../manifests/noted.js';
import type { Located } from '../manifests/place.js';
import { parseSource } from '../targets/source-grammar.js';
import { readPodsByLabel } from './pods-by-label.js';
import type { SuiteSource } from './suite.js';

/** One source: a word as the verbs take it, or pods by label. */
export function readSource({ value, place }: Located): SuiteSource | undefined {
  if (value === noted) return undefined;
  if (typeof value === 'string') return place.attempt(() => parseSource(value.trim().split(/\s+/)));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    place.wrong(`a source is needed here, not ${describeValue(value)}`, 'write deploy/web, or selector: app=web');
    return undefined;
  }
  const fields = Fields.of(value, place);
  const pods = fields && readPodsByLabel(fields);
  fields?.end();
  return pods;
}

/** A field that holds one or a list of them. */
export function locatedItems(fields: Fields, name: string): Located[] {
  const value = fields.raw(name);
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [{ value, place: fields.at(name) }];
  const items = fields.list(name) ?? [];
  if (items.length === 0) fields.at(name).wrong('is empty', 'at least one is needed');
  return items;
}

/** `from`: one source or a list of them. */
export function readSources(fields: Fields, name: string): SuiteSource[] {
  return locatedItems(fields, name).flatMap((item) => readSource(item) ?? []);
}

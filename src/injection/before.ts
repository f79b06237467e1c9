// SPDX-License-Identifier: Apache-2.0
import { isObject, type JsonObject } from './pod-template.js';
import { beforeAnnotation } from './sidecar.js';

/** The fields of a template that injection adds to and that may be there without content. */
export type EmptyField = 'metadata' | 'annotations' | 'initContainers' | 'volumes';

/**
 * What was empty before, as it was written: `{}`, `[]`, `null`, `~`, or nothing at all behind the colon. The API server
 * keeps none of it, but a file does, and gets it back.
 */
export type Before = Partial<Record<EmptyField, string>>;

const fields: readonly EmptyField[] = ['metadata', 'annotations', 'initContainers', 'volumes'];

export function isEmpty(value: unknown): boolean {
  if (value === null) return true;
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

/** The annotation that remembers it; none where there is nothing to remember. */
export function beforeAnnotations(before: Before): Record<string, string> {
  return Object.keys(before).length === 0 ? {} : { [beforeAnnotation]: JSON.stringify(before) };
}

/** What the annotations of a template remember. Anything unreadable is taken as nothing. */
export function beforeOf(annotations: JsonObject): Before {
  const text = annotations[beforeAnnotation];
  if (typeof text !== 'string') return {};
  try {
    const read: unknown = JSON.parse(text);
    if (!isObject(read)) return {};
    return Object.fromEntries(fields.flatMap((field) => (isSource(read[field]) ? [[field, read[field]]] : [])));
  } catch {
    return {};
  }
}

/** Only what stands for something empty: it is written into a file again. */
function isSource(text: unknown): text is string {
  return typeof text === 'string' && /^(\{\s*\}|\[\s*\]|~|null|Null|NULL|)$/.test(text);
}

/** The value that such a text stands for. */
export function emptyValue(source: string): unknown {
  if (source.startsWith('{')) return {};
  return source.startsWith('[') ? [] : null;
}

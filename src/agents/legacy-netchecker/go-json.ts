// SPDX-License-Identifier: Apache-2.0

/** What Go's encoding/json escapes in strings beyond what JSON.stringify does: it is safe inside HTML and JavaScript by default. */
const escaped = /[<>&\u2028\u2029]/g;

/** A string as Go's encoding/json writes it. */
export function goString(text: string): string {
  const hex = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(wellFormed(text)).replace(escaped, hex);
}

/** A map with string keys as Go writes it: sorted by the bytes of its keys; `null` for a nil map. */
export function goMap<T>(map: ReadonlyMap<string, T> | null, value: (item: T) => string): string {
  if (map === null) return 'null';
  const entries = [...map].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${entries.map(([key, item]) => `${goString(key)}:${value(item)}`).join(',')}}`;
}

/** A slice as Go writes it; `null` for a nil one. */
export function goList<T>(list: readonly T[] | null, value: (item: T) => string): string {
  return list === null ? 'null' : `[${list.map(value).join(',')}]`;
}

/** A struct as Go writes it: its fields in the order of their declaration, each as text already; absent ones are left out. */
export function goStruct(fields: readonly (readonly [name: string, text: string | undefined])[]): string {
  const present = fields.filter(([, text]) => text !== undefined);
  return `{${present.map(([name, text]) => `"${name}":${text}`).join(',')}}`;
}

/** Half a surrogate pair is no character: Go makes U+FFFD of it, as does UTF-8. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../injection/pod-template.js';

/** As in RFC 6902; the three that a difference needs. */
export type PatchOperation = { op: 'add' | 'replace'; path: string; value: unknown } | { op: 'remove'; path: string };

/**
 * The operations that make one JSON value of another. Fields that others added meanwhile stay: only what differs is named.
 * A list that only grew at its end gets its new items; any other list that differs is replaced as a whole.
 */
export function jsonPatch(before: unknown, after: unknown, path = ''): PatchOperation[] {
  if (isObject(before) && isObject(after)) {
    const removed = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
    return [
      ...removed.map((key): PatchOperation => ({ op: 'remove', path: `${path}/${escaped(key)}` })),
      ...Object.entries(after).flatMap(([key, value]): PatchOperation[] => {
        const inner = `${path}/${escaped(key)}`;
        return Object.hasOwn(before, key) ? jsonPatch(before[key], value, inner) : [{ op: 'add', path: inner, value }];
      }),
    ];
  }
  if (isDeepStrictEqual(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after) && isDeepStrictEqual(after.slice(0, before.length), before)) {
    const added: unknown[] = after.slice(before.length);
    return added.map((value) => ({ op: 'add', path: `${path}/-`, value }));
  }
  return [{ op: 'replace', path, value: after }];
}

/** A key as a reference token (RFC 6901, section 3). */
function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

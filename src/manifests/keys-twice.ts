// SPDX-License-Identifier: Apache-2.0
import { isCollection, isScalar, Scalar, visit, type Document, type Node, type YAMLMap } from 'yaml';
import { noted } from './noted.js';

/**
 * Leaves one of the keys that are there twice (the parser has noted them), so that the rest can be read. Nobody knows which
 * one is meant: of lists and objects the first is read, any other value becomes `noted`. The anchors that went with the others
 * are returned.
 */
export function leaveOneOfKeys(document: Document.Parsed): Set<string> {
  const lost = new Set<string>();
  visit(document, { Map: (_, map) => leaveOne(map, lost) });
  return lost;
}

function leaveOne(map: YAMLMap, lost: Set<string>): void {
  const first = new Map<unknown, YAMLMap['items'][number]>();
  map.items = map.items.filter((pair) => {
    const key = isScalar(pair.key) ? pair.key.value : pair.key;
    const kept = first.get(key);
    // Any number of objects can be merged.
    if (kept === undefined || key === '<<') {
      first.set(key, pair);
      return true;
    }
    for (const anchor of anchorsOf(pair.value)) lost.add(anchor);
    // An anchor stays where it is.
    if (isScalar(kept.value)) kept.value.value = noted;
    else if (!isCollection(kept.value)) kept.value = new Scalar(noted);
    return false;
  });
}

function anchorsOf(value: unknown): string[] {
  const anchors: string[] = [];
  visit(value as Node | null, {
    Value: (_, { anchor }) => {
      if (anchor !== undefined) anchors.push(anchor);
    },
  });
  return anchors;
}

// SPDX-License-Identifier: Apache-2.0
import { prose } from './documents.js';

/** Targets of links (`docs/suites.md#matrix`) that are not addresses of other places. */
export function relativeLinks(text: string): string[] {
  return [
    ...prose(text)
      .replaceAll(/`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/i.test(target));
}

/** The names by which GitHub links to the headings: lower case, without punctuation, with hyphens; repeated ones are numbered. */
export function anchors(text: string): Set<string> {
  const found = new Set<string>();
  for (const [, heading = ''] of prose(text).matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const name = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    let unique = name;
    for (let count = 1; found.has(unique); count += 1) unique = `${name}-${String(count)}`;
    found.add(unique);
  }
  return found;
}

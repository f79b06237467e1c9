// SPDX-License-Identifier: Apache-2.0
import type { MeshMember } from '../../model/mesh.js';
import { plainText } from '../plain-text.js';

/** Names for people: without the namespace where all are of one, or where the rest says which is meant. */
export function displayNames(members: readonly MeshMember[]): string[] {
  const bare = members.map(({ name, namespace }) =>
    plainText(namespace === undefined ? name : name.slice(namespace.length + 1)),
  );
  const count = new Map<string, number>();
  for (const each of bare) count.set(each, (count.get(each) ?? 0) + 1);
  return members.map(({ name }, index) => {
    const short = bare[index] ?? '';
    return count.get(short) === 1 ? short : plainText(name);
  });
}

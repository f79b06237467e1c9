// SPDX-License-Identifier: Apache-2.0

/** JSON of a list of so many zeros, 2 N + 1 bytes (none: `[]`), as netchecker's `zero_extender` is. */
export function payloadOf(entries: number): string {
  return `[${'0,'.repeat(Math.max(0, entries - 1))}${entries > 0 ? '0' : ''}]`;
}

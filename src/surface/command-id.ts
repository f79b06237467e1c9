// SPDX-License-Identifier: Apache-2.0

/** Words of the longest command of ours, `shape list`. */
const mostWords = 2;

/**
 * The id (`shape:list`) of the command that a command line begins with, the longest there is; undefined where it is none.
 * A pod that has such a name is written `pod/list`.
 */
export function commandId(argv: readonly string[], ids: ReadonlySet<string>): string | undefined {
  for (let count = mostWords; count > 0; count -= 1) {
    const id = argv.slice(0, count).join(':');
    if (argv.length >= count && ids.has(id)) return id;
  }
  return undefined;
}

/** An id as it is written: `shape list`. */
export function commandWords(id: string): string {
  return id.replaceAll(':', ' ');
}

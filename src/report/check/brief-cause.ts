// SPDX-License-Identifier: Apache-2.0
import { displayWidth } from '../text-width.js';

/** What a column may take where no terminal limits it: a kubelet's words about an image are several hundred characters long. */
const longest = 72;
const shortest = 16;

/**
 * What a cell says of a cause: its first clauses, where all of it would push other columns out of sight. All of it stands in the
 * findings, and in every format but the table.
 */
export function briefCause(cause: string): string {
  if (displayWidth(cause) <= longest) return cause;
  const start = cause.slice(0, longest);
  const clause = Math.max(...[': ', '; ', '. '].map((end) => start.lastIndexOf(end)));
  const end = clause < shortest ? start.lastIndexOf(' ') : clause;
  return `${start.slice(0, end < shortest ? longest - 1 : end)}…`;
}

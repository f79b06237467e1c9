// SPDX-License-Identifier: Apache-2.0
import type { FlagText } from './flag-text.js';
import { twoColumns } from './wrap.js';

/** Longer names of flags have their text below them: this part of the width, and so many characters at most. */
const flagPart = 0.35;
const widestFlag = 32;
/** Before each line of a section. */
export const margin = 2;

const leftOf = ({ short, long }: FlagText) => `${short === undefined ? '   ' : `${short},`} ${long}`;

/** Flags and what they do, in two columns. */
export function flagLines(flags: readonly FlagText[], column: number, width: number): string[] {
  return twoColumns(
    flags.map((flag) => [leftOf(flag), flag.text]),
    { column, width: width - margin },
  );
}

/** The width of the column of names. */
export function flagColumn(flags: readonly FlagText[], width: number): number {
  const most = Math.min(widestFlag, Math.floor(width * flagPart));
  const fitting = flags.map((flag) => leftOf(flag).length).filter((length) => length <= most);
  return Math.max(0, ...fitting);
}

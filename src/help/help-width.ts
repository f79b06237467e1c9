// SPDX-License-Identifier: Apache-2.0

/** Of what is read by no terminal, or by one that does not know its size. */
const usualWidth = 80;
const narrowest = 40;
/** Longer lines are hard to read. */
const widest = 120;

/** How many characters a line of help may have. */
export function helpWidth({ isTTY, columns }: { isTTY?: boolean; columns?: number }): number {
  if (isTTY !== true || columns === undefined || columns === 0) return usualWidth;
  return Math.min(widest, Math.max(narrowest, columns));
}

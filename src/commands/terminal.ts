// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';

export type ColorMode = 'auto' | 'always' | 'never';

/** What a terminal is taken for that does not know its size, as new pseudo terminals do not. */
const usualSize = { width: 80, height: 24 };

/** The size of a terminal in characters; what is not a terminal has endless lines. */
export function terminalOf(stream: NodeJS.WriteStream): { width: number; height: number } {
  if (!stream.isTTY) return { width: Number.POSITIVE_INFINITY, height: Number.POSITIVE_INFINITY };
  return { width: stream.columns || usualSize.width, height: stream.rows || usualSize.height };
}

/** Whether to colour: as told, else on a terminal that is not dumb and without NO_COLOR (no-color.org). */
export function wantsColor(mode: ColorMode, stream: NodeJS.WriteStream): boolean {
  if (mode !== 'auto') return mode === 'always';
  const { NO_COLOR, TERM } = process.env;
  return stream.isTTY && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
}

/** A live view is of use on a terminal only. Throws Failure `usage`. */
export function requireTerminal(stream: NodeJS.WriteStream, flag: string): void {
  if (!stream.isTTY) throw new Failure('usage', `${flag} redraws the terminal, and the output is none`);
}

/** How many colours a heat map has: 0 none, 1 the sixteen of every terminal, 2 the 256 that TERM or COLORTERM promises. */
export function colorLevel(mode: ColorMode, stream: NodeJS.WriteStream): 0 | 1 | 2 {
  if (!wantsColor(mode, stream)) return 0;
  const { TERM = '', COLORTERM = '' } = process.env;
  return mode === 'always' || COLORTERM !== '' || /256|direct|kitty|alacritty|ghostty/.test(TERM) ? 2 : 1;
}

// SPDX-License-Identifier: Apache-2.0
import { Chalk } from 'chalk';
import { formatMs } from '../figures.js';
import { heatOf } from '../html/times.js';
import type { MeshCell } from './cell.js';

/** Colours that the terminal has: none, its sixteen, or 256. */
export type ColorLevel = 0 | 1 | 2;

/** Background and text of each step of heat, so that both are known: from xterm's 256 colours, green to violet. */
const steps256 = [
  [22, 255],
  [64, 16],
  [178, 16],
  [208, 16],
  [91, 255],
] as const;
const steps16 = [
  ['bgGreen', 'black'],
  ['bgCyan', 'black'],
  ['bgYellow', 'black'],
  ['bgMagenta', 'black'],
  ['bgMagenta', 'whiteBright'],
] as const;

/** What colours depend on. */
interface HeatCell {
  state: MeshCell['state'];
  ms?: number | undefined;
}

/** Puts a cell's colours around a text; red is for failures alone. */
export function heatPainter(level: ColorLevel, bounds: readonly number[]): (cell: HeatCell, text: string) => string {
  const chalk = new Chalk({ level });
  return ({ state, ms }, text) => {
    if (level === 0 || text === '') return text;
    if (state === 'failing')
      return (level === 2 ? chalk.bgAnsi256(160).ansi256(255) : chalk.bgRed.whiteBright).bold(text);
    if (state === 'unread') return chalk.yellow(text);
    if (state !== 'good') return chalk.dim(text);
    const step = ms === undefined ? 0 : heatOf(ms, bounds);
    if (level === 2) {
      const [background, foreground] = steps256[step] ?? steps256[0];
      return chalk.bgAnsi256(background).ansi256(foreground)(text);
    }
    const [background, foreground] = steps16[step] ?? steps16[0];
    return chalk[background][foreground](text);
  };
}

/** The line that says what the steps of heat are; none without colours. */
export function heatScale(level: ColorLevel, bounds: readonly number[]): string[] {
  if (level === 0 || bounds.length === 0) return [];
  const paint = heatPainter(level, bounds);
  const steps = bounds.map((ms) => paint({ state: 'good', ms }, ` ≤${formatMs(ms)} `));
  return [`${steps.join('')}${paint({ state: 'good', ms: Infinity }, ' more ')}`];
}

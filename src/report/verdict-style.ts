// SPDX-License-Identifier: Apache-2.0
import { Chalk, type ChalkInstance } from 'chalk';
import type { Verdict } from '../model/verdict.js';

const symbols: Record<Verdict, string> = { pass: '✓', fail: '✗', inconclusive: '?', unsupported: '-', error: '!' };

/** Symbol and word, so that neither colour nor font is needed to read it: `✓ pass`. */
export function verdictText(verdict: Verdict): string {
  return `${symbols[verdict]} ${verdict}`;
}

/** Puts a verdict's colour around a text, or leaves it as it is. */
export type PaintVerdict = (verdict: Verdict, text: string) => string;

/** A painter of its own chalk instance: chalk's default one guesses from the process it runs in. */
export function verdictPainter(color: boolean): PaintVerdict {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  const styles: Record<Verdict, ChalkInstance> = {
    pass: chalk.green,
    fail: chalk.red,
    inconclusive: chalk.yellow,
    unsupported: chalk.cyan,
    error: chalk.magenta,
  };
  return (verdict, text) => styles[verdict](text);
}

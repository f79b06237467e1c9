// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import chalk from 'chalk';
import type { Scene } from './story.js';

/** Prints a paragraph of the narrator. */
export function say(text: string): void {
  process.stdout.write(`\n${text}\n`);
}

/** A command line as one would type it. */
function typed(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}

/** Runs a program on this terminal; its exit code, 128 + the signal's number if one ended it. */
export function runHere(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
}

/** Shows one scene; what differed from what was expected, if anything did. */
export async function play({ text, args, exitCode }: Scene, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  say(chalk.cyan(text));
  const line = typed(['kubectl', ...args]);
  process.stdout.write(`\n${chalk.dim('$')} ${chalk.bold(line)}\n`);
  const ended = await runHere('kubectl', args, env);
  if (ended !== 0) process.stdout.write(chalk.dim(`(exit code ${ended})\n`));
  if (ended === exitCode) return undefined;
  return `${line}\n  ended with exit code ${ended}, expected was ${exitCode}`;
}

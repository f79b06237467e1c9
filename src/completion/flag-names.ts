// SPDX-License-Identifier: Apache-2.0
import type { FlagDescription } from '../surface/command-surface.js';
import type { Offer } from './answer.js';
import { flagsOf, type CommandLine } from './command-line.js';

const help: FlagDescription = { name: 'help', char: 'h', type: 'boolean', summary: 'Show how the command is used' };

/** Whether two flags refuse each other. */
function exclude(one: FlagDescription, other: FlagDescription): boolean {
  return one.exclusive?.includes(other.name) === true || other.exclusive?.includes(one.name) === true;
}

/** Flags that may still be given: no second time, unless they may be repeated, and not beside what they exclude. */
function possibleFlags({ command, given }: CommandLine): FlagDescription[] {
  const present = command.flags.filter(({ name }) => given.has(name));
  return [...command.flags, help].filter(
    (flag) =>
      flag.hidden !== true &&
      (flag.multiple === true || !given.has(flag.name)) &&
      !present.some((other) => exclude(flag, other)),
  );
}

/** The names that a word that begins with a hyphen may become: long ones, and letters as long as it is short. */
export function flagNames(word: string, line: CommandLine): Offer[] {
  const flags = possibleFlags(line);
  const long = flags.map(({ name, summary }) => offer(`--${name}`, summary));
  if (word.startsWith('--')) return long;
  const isWhole = flagsOf(line.command, word).awaited !== undefined;
  const letters = flags.flatMap(({ char, summary }) => (char === undefined ? [] : [offer(`-${char}`, summary)]));
  return [...long, ...letters, ...(isWhole && word.length > 2 ? [{ word }] : [])];
}

function offer(word: string, description: string | undefined): Offer {
  return { word, ...(description === undefined ? {} : { description }) };
}

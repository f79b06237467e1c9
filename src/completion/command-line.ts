// SPDX-License-Identifier: Apache-2.0
import { bareValues } from '../surface/bare-values.js';
import { commandId } from '../surface/command-id.js';
import type { CommandDescription, FlagDescription } from '../surface/command-surface.js';

/** What stands before the word that is to be completed. */
export interface CommandLine {
  command: CommandDescription;
  /** How many words name the command. */
  commandWords: number;
  /** Words that are neither flags nor their values. */
  words: readonly string[];
  /** Values of each flag that was given, by its name; a boolean has `true` or what was written behind `=`. */
  given: ReadonlyMap<string, readonly string[]>;
  /** The flag whose value the next word is. */
  awaited?: FlagDescription;
  /** What stands behind `--`. */
  behind?: readonly string[];
}

/** A flag by its name or an alias of it. */
export function flagNamed({ flags }: CommandDescription, name: string): FlagDescription | undefined {
  return flags.find((flag) => flag.name === name || flag.aliases?.includes(name) === true);
}

/** A flag by its letter. */
export function flagLettered({ flags }: CommandDescription, letter: string): FlagDescription | undefined {
  return flags.find(({ char }) => char === letter);
}

/** Whether a flag has a value, and it may be the next word. */
function awaitsValue(flag: FlagDescription): boolean {
  return flag.type === 'option' && bareValues[flag.name] === undefined;
}

/** A word of flags: what they are, their values, and the one that still waits for its. */
interface FlagWord {
  given: [FlagDescription, string][];
  awaited?: FlagDescription;
}

function longFlag(command: CommandDescription, word: string): FlagWord {
  const [, name = '', value] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  const flag = flagNamed(command, name);
  if (flag === undefined) return { given: [] };
  if (value === undefined && awaitsValue(flag)) return { given: [], awaited: flag };
  return { given: [[flag, value ?? bareValues[flag.name] ?? 'true']] };
}

/** `-A`, `-n NAME`, `-nNAME`, `-n=NAME`, `-An NAME`. */
function shortFlags(command: CommandDescription, word: string): FlagWord {
  const given: FlagWord['given'] = [];
  for (let at = 1; at < word.length; at += 1) {
    const flag = flagLettered(command, word.charAt(at));
    if (flag === undefined) break;
    if (flag.type !== 'option') {
      given.push([flag, 'true']);
      continue;
    }
    const rest = word.slice(at + 1);
    if (rest === '') return { given, awaited: flag };
    given.push([flag, rest.replace(/^=/, '')]);
    break;
  }
  return { given };
}

/** The flags of one word that begins with a hyphen. */
export function flagsOf(command: CommandDescription, word: string): FlagWord {
  return word.startsWith('--') ? longFlag(command, word) : shortFlags(command, word);
}

/** Words, without the one that is to be completed, as the program would read them; undefined where they name no command. */
export function readCommandLine(
  before: readonly string[],
  surface: ReadonlyMap<string, CommandDescription>,
): CommandLine | undefined {
  const id = commandId(before, new Set(surface.keys()));
  const command = id === undefined ? undefined : surface.get(id);
  if (command === undefined) return undefined;
  const commandWords = command.id.split(':').length;
  const words: string[] = [];
  const given = new Map<string, string[]>();
  const give = ({ name }: FlagDescription, value: string) => given.set(name, [...(given.get(name) ?? []), value]);
  let awaited: FlagDescription | undefined;
  for (const [index, word] of before.entries()) {
    if (index < commandWords) continue;
    if (awaited !== undefined) {
      give(awaited, word);
      awaited = undefined;
    } else if (word === '--') {
      return { command, commandWords, words, given, behind: before.slice(index + 1) };
    } else if (word.startsWith('-') && word !== '-') {
      const read = flagsOf(command, word);
      for (const [flag, value] of read.given) give(flag, value);
      awaited = read.awaited;
    } else words.push(word);
  }
  return { command, commandWords, words, given, ...(awaited === undefined ? {} : { awaited }) };
}

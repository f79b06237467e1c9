// SPDX-License-Identifier: Apache-2.0
import { runsBesideShape } from '../surface/companions.js';
import type { CommandDescription, FlagDescription } from '../surface/command-surface.js';
import type { Offer } from './answer.js';
import { flagLettered, flagNamed, readCommandLine, type CommandLine } from './command-line.js';
import { flagNames } from './flag-names.js';
import { flagValue } from './flag-values.js';
import { positionalWord } from './positionals.js';
import { nothing, type Wanted } from './wanted.js';

type Surface = ReadonlyMap<string, CommandDescription>;

/** A word that is to be completed, and the part of it that the shell replaces. */
export interface Completion {
  wanted: Wanted;
  /** What every offer begins with. */
  start: string;
  /** The flags that say which cluster is meant, and as whom. */
  lines: readonly CommandLine[];
}

/**
 * The words of commands behind those of `before`; `help` has all of them as its words. A word that is no command, but stands
 * before one (`config` of `config view`), is described by that one.
 */
function commandOffers(before: readonly string[], surface: Surface): Offer[] {
  const offers = new Map<string, Offer>();
  for (const { id, summary, hidden } of surface.values()) {
    const words = id.split(':');
    const word = words[before.length];
    if (hidden || word === undefined || !before.every((one, index) => one === words[index])) continue;
    const isWhole = words.length === before.length + 1;
    if (isWhole || !offers.has(word)) offers.set(word, { word, description: summary });
  }
  return [...offers.values()];
}

/** The first words, before anything is a command. */
function firstWord(before: readonly string[], start: string, surface: Surface): Wanted {
  if (before[0] === 'help') return { offers: commandOffers(before.slice(1), surface) };
  if (before.length > 0) return start.startsWith('-') ? nothing : { offers: commandOffers(before, surface) };
  if (start.startsWith('-')) return { offers: [{ word: '--help', description: 'Show what there is' }] };
  return { offers: [...commandOffers([], surface), { word: 'help', description: 'Show how a command is used' }] };
}

/** `-nVALUE`: offers have the flag in front, because shells take it for one word. */
function attachedValue(flag: FlagDescription, word: string, line: CommandLine): Completion {
  const letter = word.slice(0, 2);
  const wanted = flagValue(flag, word.slice(2), line);
  return {
    start: word,
    lines: [line],
    wanted: {
      ...wanted,
      offers: wanted.offers.map((offer) => ({ ...offer, word: letter + offer.word })),
      before: letter + (wanted.before ?? ''),
      ...(wanted.shell === undefined ? {} : { shell: undefined as never }),
    },
  };
}

/** A word that begins with a hyphen: the name of a flag, or one with its value (`--flag=VALUE`, `-n=VALUE`, `-nVALUE`). */
function flagWord(word: string, line: CommandLine): Completion {
  const [, name, letter, value = ''] = /^(?:--([^=]+)|-([^-=]))=(.*)$/s.exec(word) ?? [];
  const named = name === undefined ? undefined : flagNamed(line.command, name);
  const lettered = letter === undefined ? undefined : flagLettered(line.command, letter);
  const flag = named ?? lettered;
  // Shells put what stands before the = back themselves.
  if (flag !== undefined) {
    const wanted = flag.type === 'option' ? flagValue(flag, value, line) : { offers: booleans };
    return { start: value, lines: [line], wanted };
  }
  if (name !== undefined || letter !== undefined) return { start: word, lines: [line], wanted: nothing };
  const attached = word.startsWith('--') ? undefined : flagLettered(line.command, word.charAt(1));
  if (word.length > 2 && attached?.type === 'option') return attachedValue(attached, word, line);
  return { start: word, lines: [line], wanted: { offers: flagNames(word, line) } };
}

const booleans: Offer[] = [{ word: 'true' }, { word: 'false' }];

/** Subcommands stand beside the words of their command as long as there are none. */
function plainWord(before: readonly string[], word: string, line: CommandLine, surface: Surface): Completion {
  const wanted = positionalWord(word, line);
  const isNext = before.length === line.commandWords;
  const offers = isNext ? [...commandOffers(before, surface), ...wanted.offers] : wanted.offers;
  return { start: word, lines: [line], wanted: { ...wanted, offers } };
}

/** Another command of ours behind `--` of a shape; elsewhere words that are no flags. */
function behindSeparator(line: CommandLine, behind: readonly string[], word: string, surface: Surface): Completion {
  if (line.command.id !== 'shape') {
    const words = [...line.words, ...behind];
    return { start: word, lines: [line], wanted: positionalWord(word, { ...line, words }) };
  }
  const companions = new Map([...surface].filter(([id]) => runsBesideShape(id)));
  const { wanted, start, lines } = whatIsWanted([...behind, word], companions);
  const offers = behind.length === 0 ? wanted.offers.filter((offer) => offer.word !== 'help') : wanted.offers;
  return { wanted: { ...wanted, offers }, start, lines: [line, ...lines] };
}

/** What may stand in the place of the last one of the words behind the plugin's name. Never throws. */
export function whatIsWanted(argv: readonly string[], surface: Surface): Completion {
  const word = argv.at(-1) ?? '';
  const before = argv.slice(0, -1);
  const line = readCommandLine(before, surface);
  if (line === undefined) return { wanted: firstWord(before, word, surface), start: word, lines: [] };
  if (line.behind !== undefined) return behindSeparator(line, line.behind, word, surface);
  if (line.awaited !== undefined) {
    return { wanted: flagValue(line.awaited, word, line), start: word, lines: [line] };
  }
  return word.startsWith('-') ? flagWord(word, line) : plainWord(before, word, line, surface);
}

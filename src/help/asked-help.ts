// SPDX-License-Identifier: Apache-2.0
import { commandId } from '../surface/command-id.js';
import { commandSurface } from '../surface/command-surface.js';
import type { Surface } from './command-page.js';

/** What help is asked for: of the plugin, of a command (or the word before several ones), or of words that are no command. */
export type AskedHelp = { of: 'plugin' } | { of: 'command'; id: string } | { of: 'nothing'; words: readonly string[] };

const isHelpFlag = (word: string) => word === '-h' || word === '--help';

/** A word that is no command but stands before some: `config` of `config view`. */
function isTopic(word: string, surface: Surface): boolean {
  return !surface.has(word) && [...surface.keys()].some((id) => id.startsWith(`${word}:`));
}

function idOf(words: readonly string[], surface: Surface): string | undefined {
  const [first = ''] = words;
  return commandId(words, new Set(surface.keys())) ?? (isTopic(first, surface) ? first : undefined);
}

/** `help shape list`: every word counts. */
function askedByName(words: readonly string[], surface: Surface): AskedHelp {
  const names = words.filter((word) => !word.startsWith('-'));
  if (names.length === 0 || names[0] === 'help') return { of: 'plugin' };
  const id = idOf(names, surface);
  const isWhole = id !== undefined && (names.length === 1 || id.split(':').length === names.length);
  return isWhole ? { of: 'command', id } : { of: 'nothing', words: names };
}

/**
 * What help a command line asks for, if any: no words at all, `help COMMAND`, the bare word before several commands, and -h or
 * --help anywhere before `--`.
 */
export function askedHelp(argv: readonly string[], surface: Surface = commandSurface): AskedHelp | undefined {
  const [first] = argv;
  if (first === undefined) return { of: 'plugin' };
  const end = argv.indexOf('--');
  const words = end < 0 ? argv : argv.slice(0, end);
  if (first === 'help') return askedByName(words.slice(1), surface);
  const isTopicAlone = argv.length === 1 && isTopic(first, surface);
  if (!isTopicAlone && !words.some(isHelpFlag)) return undefined;
  const rest = words.filter((word) => !isHelpFlag(word));
  const id = idOf(rest, surface);
  if (id !== undefined) return { of: 'command', id };
  return rest[0] === undefined || rest[0].startsWith('-') ? { of: 'plugin' } : { of: 'nothing', words: rest };
}

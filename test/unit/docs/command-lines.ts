// SPDX-License-Identifier: Apache-2.0
import { commandId } from '../../../src/surface/command-id.js';
import type { CommandDescription, FlagDescription } from '../../../src/surface/command-surface.js';
import { fencedBlocks, prose } from './documents.js';

/** Where a command begins: a line, a prompt, an item of YAML, after `then` or a variable. Elsewhere the words are prose. */
const call = /(?:^ *|\$ |- |\bthen |\b[A-Z_]+=\S+ )kubectl[ -]netmachinery +([^\n]*)/gm;

/** What stands behind `kubectl netmachinery` in fenced blocks and in code within a line, up to where the command ends. */
export function commandLines(text: string): string[] {
  const inline = [...prose(text).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code.replaceAll('\\|', '|'));
  return [...fencedBlocks(text), ...inline]
    .map((block) => block.replaceAll(/ *\\\n */g, ' '))
    .flatMap((block) => [...block.matchAll(call)].map(([, line = '']) => line.split(/ #| [|&;>]|[;)]/, 1)[0] ?? ''))
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The words of a line, as a shell would hand them on. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) => word.replaceAll(/["']/g, ''));
}

function flagOf(command: CommandDescription, word: string): FlagDescription | undefined {
  const name = /^--?([^=]+)/.exec(word)?.[1] ?? '';
  if (word.startsWith('--')) return command.flags.find((flag) => flag.name === name || flag.aliases?.includes(name));
  return command.flags.find((flag) => flag.char === name[0]);
}

/** What is wrong with a command line: a command or flag that there is not, a value that is none of the possible ones. */
export function wrongIn(line: string, surface: ReadonlyMap<string, CommandDescription>): string[] {
  // `<TAB>`, and `...` for anything.
  if (/^[<.[]|^COMMAND/.test(line)) return [];
  const words = wordsOf(line);
  const end = words.indexOf('--');
  const own = end === -1 ? words : words.slice(0, end);
  const command = surface.get(commandId(own, new Set(surface.keys())) ?? '');
  if (command === undefined) return [`no such command: ${line}`];
  const wrong = own.flatMap((word, index) => {
    if (!/^--?[a-z]/i.test(word) || word === '--help') return [];
    const flag = flagOf(command, word);
    if (flag === undefined) return [`${command.id} has no ${word}: ${line}`];
    const value = word.includes('=') ? word.slice(word.indexOf('=') + 1) : own[index + 1];
    // A value in capitals stands for any.
    const isWrong =
      flag.type === 'option' &&
      flag.options?.length &&
      /^[a-z]/.test(value ?? '') &&
      !flag.options.includes(value ?? '');
    return isWrong ? [`${word} of ${command.id} does not take ${String(value)}: ${line}`] : [];
  });
  return end === -1 ? wrong : [...wrong, ...wrongIn(words.slice(end + 1).join(' '), surface)];
}

// SPDX-License-Identifier: Apache-2.0
import { commandSurface, pluginSummary } from '../surface/command-surface.js';
import { commandGroups } from './command-groups.js';
import {
  commandPage,
  fullStop,
  programName,
  subcommandsOf,
  type CommandEntry,
  type CommandPage,
  type Surface,
} from './command-page.js';
import { exitCodes, type ExitCode } from './exit-codes.js';
import { flagColumn, flagLines, margin } from './flag-lines.js';
import type { FlagText } from './flag-text.js';
import { pluginExamples } from './plugin-examples.js';
import { indent, twoColumns, wrap } from './wrap.js';

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...indent(lines)];
}

function exampleLines(examples: CommandPage['examples'], width: number): string[] {
  return examples.flatMap(({ comment, line }, index) => [
    ...(index === 0 ? [] : ['']),
    ...wrap(comment, width - margin - 2).map((text) => `# ${text}`),
    // Not wrapped, as kubectl's are not: it is there to be copied.
    line,
  ]);
}

function entryLines(entries: readonly CommandEntry[], column: number, width: number): string[] {
  return twoColumns(
    entries.map(({ words, summary }) => [words, summary]),
    { column, width: width - margin },
  );
}

const longestWords = (entries: readonly CommandEntry[]) => Math.max(0, ...entries.map(({ words }) => words.length));

function exitCodeLines(codes: readonly ExitCode[], width: number): string[] {
  return twoColumns(
    codes.map(({ code, meaning }) => [String(code), meaning]),
    { column: 3, width: width - margin },
  );
}

/** kubectl's flags by their names only. */
function kubectlLines(flags: readonly FlagText[], width: number): string[] {
  if (flags.length === 0) return [];
  const names = flags.map(({ short, long }) => [short, long.replace(/[[=].*$/, '')].filter(Boolean).join('/'));
  return [
    ...section('Options (kubectl)', wrap(names.join(', '), width - margin)),
    '',
    ...wrap(`Use "${programName} options" for what they mean.`, width),
  ];
}

function commandHelp(page: CommandPage, width: number): string[] {
  const flags = page.groups.flatMap((group) => group.flags);
  const column = flagColumn(flags, width);
  return [
    ...wrap(fullStop(page.summary), width),
    ...page.paragraphs.flatMap((paragraph) => ['', ...wrap(paragraph, width)]),
    ...section('Examples', exampleLines(page.examples, width)),
    ...section('Available Commands', entryLines(page.subcommands, longestWords(page.subcommands), width)),
    ...section('Usage', page.usage),
    ...section(
      'Arguments',
      twoColumns(
        page.arguments.map(({ name, text }) => [name, text]),
        { column: Math.max(0, ...page.arguments.map(({ name }) => name.length)), width: width - margin },
      ),
    ),
    ...page.groups.flatMap((group) => section(group.title, flagLines(group.flags, column, width))),
    ...section('Exit Codes', exitCodeLines(page.exitCodes, width)),
    ...section(
      'Permissions',
      page.permissions.flatMap((sentence) => wrap(sentence, width - margin)),
    ),
    ...kubectlLines(page.kubectlFlags, width),
  ];
}

/** Of a word that is no command itself. */
function topicHelp(word: string, width: number, surface: Surface): string[] {
  const subcommands = subcommandsOf(word, surface);
  return [
    `Commands of ${programName} ${word}.`,
    ...section('Available Commands', entryLines(subcommands, longestWords(subcommands), width)),
    ...section('Usage', [`${programName} ${word} COMMAND`]),
    '',
    ...wrap(`Use "${programName} ${word} COMMAND --help" for more about a command.`, width),
  ];
}

function pluginHelp(width: number, surface: Surface): string[] {
  const groups = commandGroups(surface);
  const column = longestWords(groups.flatMap(({ commands }) => commands));
  return [
    ...wrap(fullStop(pluginSummary), width),
    ...section('Examples', exampleLines(pluginExamples, width)),
    ...groups.flatMap(({ title, commands }) => section(title, entryLines(commands, column, width))),
    ...section('Usage', [`${programName} COMMAND [options]`]),
    ...section('Exit Codes', exitCodeLines(exitCodes, width)),
    '',
    ...wrap(`Use "${programName} COMMAND --help" for more about a command.`, width),
    ...wrap(`Use "${programName} options" for kubectl's own options, which stand behind the command.`, width),
  ];
}

/** The help of the plugin, or of a command, in lines of at most `width` characters but for what is to be copied. */
export function helpText(
  asked: { of: 'plugin' } | { of: 'command'; id: string },
  width: number,
  surface: Surface = commandSurface,
): string {
  const command = asked.of === 'command' ? surface.get(asked.id) : undefined;
  let lines: string[];
  if (asked.of === 'plugin') lines = pluginHelp(width, surface);
  else if (command === undefined) lines = topicHelp(asked.id, width, surface);
  else lines = commandHelp(commandPage(command, surface), width);
  return `${lines.join('\n')}\n`;
}

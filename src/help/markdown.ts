// SPDX-License-Identifier: Apache-2.0
import { commandGroups } from './command-groups.js';
import {
  commandPage,
  fullStop,
  programName,
  subcommandsOf,
  type CommandEntry,
  type CommandPage,
  type Example,
  type Surface,
} from './command-page.js';
import { exitCodes, type ExitCode } from './exit-codes.js';
import type { FlagText } from './flag-text.js';

const notice = '<!-- Written by `npm run documents` from the commands; do not edit. -->';

/** Text that says the same in Markdown. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_<>|]/g, '\\$&');
}

const code = (text: string) => `\`${text}\``;

/** The name of a command's page beside the others. */
function pageName(words: string): string {
  return `${words.replaceAll(' ', '-')}.md`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines];
}

function block(lines: readonly string[]): string[] {
  return ['```', ...lines, '```'];
}

function exampleBlock(examples: readonly Example[]): string[] {
  const lines = examples.flatMap(({ comment, line }, index) => [...(index === 0 ? [] : ['']), `# ${comment}`, line]);
  return lines.length === 0 ? [] : block(lines);
}

function flagLine({ short, long, text }: FlagText): string {
  const names = [short, long].filter((name) => name !== undefined).map(code);
  return `- ${names.join(', ')}: ${escaped(text)}`;
}

const linkLine = ({ words, summary }: CommandEntry) => `- [${words}](${pageName(words)}): ${escaped(summary)}`;

const exitCodeLines = (codes: readonly ExitCode[]) =>
  codes.map(({ code: number, meaning }) => `- ${code(String(number))}: ${escaped(meaning)}`);

function kubectlLine({ kubectlFlags }: CommandPage): string[] {
  if (kubectlFlags.length === 0) return [];
  const names = kubectlFlags.map(({ long }) => code(long.replace(/[[=].*$/, '')));
  return [
    `${names.join(', ')}; what they mean is what ${code('kubectl options')} says, and [options](options.md) prints.`,
  ];
}

/** A command's page. */
function pageText(page: CommandPage): string {
  const lines = [
    notice,
    '',
    `# ${programName} ${page.words}`,
    '',
    escaped(fullStop(page.summary)),
    ...page.paragraphs.flatMap((paragraph) => ['', escaped(paragraph)]),
    ...section('Examples', exampleBlock(page.examples)),
    ...section('Commands', page.subcommands.map(linkLine)),
    ...section('Usage', block(page.usage)),
    ...section(
      'Arguments',
      page.arguments.map(({ name, text }) => `- ${code(name)}: ${escaped(text)}`),
    ),
    ...page.groups.flatMap(({ title, flags }) => section(title, flags.map(flagLine))),
    ...section('Options (kubectl)', kubectlLine(page)),
    ...section('Exit codes', exitCodeLines(page.exitCodes)),
    ...section(
      'Permissions',
      page.permissions.flatMap((sentence, index) => [...(index === 0 ? [] : ['']), escaped(sentence)]),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function indexText(surface: Surface): string {
  const lines = [
    notice,
    '',
    '# Commands',
    '',
    `The same is printed by ${code(`${programName} COMMAND --help`)}, and stands in the man pages.`,
    ...commandGroups(surface).flatMap(({ title, commands }) =>
      section(
        title,
        commands.flatMap((entry) => [
          linkLine(entry),
          ...subcommandsOf(entry.words, surface).map((below) => `  ${linkLine(below)}`),
        ]),
      ),
    ),
    ...section('Exit codes', exitCodeLines(exitCodes)),
  ];
  return `${lines.join('\n')}\n`;
}

/** The command reference: Markdown by file name. */
export function markdownPages(surface: Surface): Record<string, string> {
  const commands = [...surface.values()].filter(({ hidden }) => !hidden);
  const pages = commands.map((command) => commandPage(command, surface));
  return {
    'README.md': indexText(surface),
    ...Object.fromEntries(pages.map((page) => [pageName(page.words), pageText(page)])),
  };
}

// SPDX-License-Identifier: Apache-2.0
import { fullStop, type CommandEntry, type CommandPage, type Example } from './command-page.js';
import type { ExitCode } from './exit-codes.js';
import type { FlagText } from './flag-text.js';
import { bold, heading, italic, literal, tagged, textParagraphs } from './roff.js';

/** The first lines of each page. */
export const notice =
  '.\\" SPDX-License-Identifier: Apache-2.0\n.\\" Written by "npm run documents" from the commands; do not edit.';
/** The name of the plugin's page, without section. */
export const mainPage = 'kubectl-netmachinery';

/** The name of a command's man page, without section. */
export function pageName(words: string): string {
  return `${mainPage}-${words.replaceAll(' ', '-')}`;
}

/** A section in roff; nothing where it has no lines. */
export function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [heading(title), ...lines];
}

function flagTag({ short, long }: FlagText): string {
  const [, name = long, value = ''] = /^(--[\w-]+)(.*)$/.exec(long) ?? [];
  return `${short === undefined ? '' : `${bold(short)}, `}${bold(name)}${value === '' ? '' : italic(value)}`;
}

export const flagLines = (flags: readonly FlagText[]) => flags.flatMap((flag) => tagged(flagTag(flag), flag.text));

export const entryLines = (entries: readonly CommandEntry[]) =>
  entries.flatMap(({ words, summary }) => tagged(bold(words), fullStop(summary)));

export const exitCodeLines = (codes: readonly ExitCode[]) =>
  codes.flatMap(({ code, meaning }) => tagged(bold(String(code)), meaning));

export const exampleLines = (examples: readonly Example[]) =>
  examples.flatMap(({ comment, line }) => [
    ...textParagraphs([/[?!.]$/.test(comment) ? comment : `${comment}:`]),
    ...literal([line]),
  ]);

export const argumentLines = ({ arguments: words }: CommandPage) =>
  words.flatMap(({ name, text }) => tagged(italic(name), text));

export const seeAlso = (names: readonly string[]) => [names.map((name) => `${bold(name)}(1)`).join(', ')];

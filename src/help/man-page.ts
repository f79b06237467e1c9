// SPDX-License-Identifier: Apache-2.0
import { commandPage, fullStop, type CommandPage, type Surface } from './command-page.js';
import type { FlagGroup } from './flag-text.js';
import { mainManPage } from './main-man-page.js';
import {
  argumentLines,
  entryLines,
  exampleLines,
  exitCodeLines,
  flagLines,
  mainPage,
  notice,
  pageName,
  section,
  seeAlso,
} from './man-lines.js';
import { heading, literal, pageHead, pageText, roffText, subheading, textParagraphs } from './roff.js';

/** `Tool container` of `Options (tool container)`. */
function groupName(title: string): string {
  const name = title.replace(/^Options \((.*)\)$/, '$1');
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

const groupLines = (groups: readonly FlagGroup[]) =>
  groups.flatMap(({ title, flags }) => [
    // What the section is called already.
    ...(title === 'Options' ? [] : [subheading(groupName(title))]),
    ...flagLines(flags),
  ]);

function kubectlLines({ kubectlFlags }: CommandPage): string[] {
  if (kubectlFlags.length === 0) return [];
  const names = kubectlFlags.map(({ long }) => long.replace(/[[=].*$/, ''));
  return textParagraphs([`${names.join(', ')}: see ${mainPage}(1).`]);
}

/** The page of one command. */
function commandManPage(page: CommandPage, version: string): string {
  const name = pageName(page.words);
  const lines = [
    notice,
    ...pageHead(name, `${mainPage} ${version}`),
    heading('Name'),
    `${roffText(name)} \\- ${roffText(page.summary)}`,
    heading('Synopsis'),
    ...literal(page.usage),
    heading('Description'),
    ...textParagraphs(page.paragraphs.length === 0 ? [fullStop(page.summary)] : page.paragraphs),
    ...section('Examples', exampleLines(page.examples)),
    ...section('Commands', entryLines(page.subcommands)),
    ...section('Arguments', argumentLines(page)),
    ...section('Options', groupLines(page.groups)),
    ...section("kubectl's options", kubectlLines(page)),
    ...section('Exit codes', exitCodeLines(page.exitCodes)),
    ...section('Permissions', textParagraphs(page.permissions)),
    heading('See also'),
    ...seeAlso([mainPage, ...page.subcommands.map(({ words }) => pageName(words)), 'kubectl']),
  ];
  return pageText(lines);
}

/** All man pages of section 1: roff by file name. */
export function manPages(
  surface: Surface,
  { summary, version }: { summary: string; version: string },
): Record<string, string> {
  const commands = [...surface.values()].filter(({ hidden }) => !hidden);
  const pages = commands.map((command) => commandPage(command, surface));
  return {
    [`${mainPage}.1`]: mainManPage(pages, surface, summary, version),
    ...Object.fromEntries(pages.map((page) => [`${pageName(page.words)}.1`, commandManPage(page, version)])),
  };
}

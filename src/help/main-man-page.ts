// SPDX-License-Identifier: Apache-2.0
import { commandGroups } from './command-groups.js';
import { fullStop, programName, type CommandPage, type Surface } from './command-page.js';
import { exitCodes } from './exit-codes.js';
import { sharedFlags } from './options-text.js';
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
import { pluginExamples } from './plugin-examples.js';
import {
  bold,
  heading,
  italic,
  literal,
  pageHead,
  pageText,
  roffText,
  subheading,
  tagged,
  textParagraphs,
} from './roff.js';

/** A command in the page of all: that one may be the only one which was installed. */
function commandSection(page: CommandPage): string[] {
  return [
    subheading(page.words),
    ...textParagraphs([fullStop(page.summary)]),
    ...literal(page.usage),
    ...textParagraphs(page.paragraphs),
    ...exampleLines(page.examples),
    ...argumentLines(page),
    ...page.groups.flatMap(({ title, flags }) => ['.PP', roffText(`${title}:`), ...flagLines(flags)]),
  ];
}

/** The variables that stand for flags. */
function environmentLines(surface: Surface): string[] {
  const flags = [...surface.values()].flatMap((command) => command.flags.filter(({ hidden }) => hidden !== true));
  const named = new Map(
    flags.flatMap(({ env, name, summary = '' }) => (env === undefined ? [] : [[env, { name, summary }] as const])),
  );
  return [
    ...[...named].flatMap(([env, { name, summary }]) =>
      tagged(bold(env), `What --${name} is where it is not given. ${fullStop(summary)}`),
    ),
    ...tagged(bold('NETMACHINERY_CONFIG'), 'The file of settings to read instead of the one below; /dev/null: none.'),
  ];
}

/** The page of the plugin, with all commands. */
export function mainManPage(pages: readonly CommandPage[], surface: Surface, summary: string, version: string): string {
  const lines = [
    notice,
    ...pageHead(mainPage, `${mainPage} ${version}`),
    heading('Name'),
    `${roffText(mainPage)} \\- ${roffText(summary.replace(/\.$/, ''))}`,
    heading('Synopsis'),
    `${bold(programName)} ${italic('COMMAND')} [${italic('options')}]`,
    heading('Description'),
    ...textParagraphs([
      `A plugin of kubectl, which runs it as ${programName}. Nothing has to be installed in the cluster beforehand.`,
      `Options stand behind the command: kubectl takes none before the name of a plugin.`,
    ]),
    ...section('Examples', exampleLines(pluginExamples)),
    heading('Commands'),
    ...commandGroups(surface).flatMap(({ title, commands }) => [subheading(title), ...entryLines(commands)]),
    heading('Command reference'),
    ...pages.flatMap(commandSection),
    heading("kubectl's options"),
    ...textParagraphs(['These can be passed to any command that asks the cluster.']),
    ...flagLines(sharedFlags()),
    ...section('Exit codes', exitCodeLines(exitCodes)),
    ...section('Environment', environmentLines(surface)),
    heading('Files'),
    ...tagged(
      bold('~/.config/netmachinery/config.yaml'),
      'Settings that stand for options where neither they nor their variables in the environment are given; under XDG_CONFIG_HOME where that is set, on Windows under AppData.',
    ),
    heading('See also'),
    ...seeAlso(['kubectl', ...pages.map(({ words }) => pageName(words))]),
  ];
  return pageText(lines);
}

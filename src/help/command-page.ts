// SPDX-License-Identifier: Apache-2.0
import { commandWords } from '../surface/command-id.js';
import type { ArgumentDescription, CommandDescription, ExampleDescription } from '../surface/command-surface.js';
import { exitCodesOf, type ExitCode } from './exit-codes.js';
import { asksCluster, flagGroups, flagText, kubectlFlags, type FlagGroup, type FlagText } from './flag-text.js';
import { neededPermissions, permissionSentences } from './needed-permissions.js';

/** How the plugin is called, whichever way it was. */
export const programName = 'kubectl netmachinery';

export type Surface = ReadonlyMap<string, CommandDescription>;

export interface Example {
  /** What it is for, without a full stop. */
  comment: string;
  /** To be copied. */
  line: string;
}

export interface CommandEntry {
  /** `shape list`. */
  words: string;
  summary: string;
}

/** All that is to be said of a command, whatever it is written as. */
export interface CommandPage extends CommandEntry {
  /** Each in one line. */
  paragraphs: readonly string[];
  examples: readonly Example[];
  subcommands: readonly CommandEntry[];
  /** With the name of the program. */
  usage: readonly string[];
  arguments: readonly { name: string; text: string }[];
  groups: readonly FlagGroup[];
  kubectlFlags: readonly FlagText[];
  exitCodes: readonly ExitCode[];
  /** In sentences; none where they are not known. */
  permissions: readonly string[];
}

export function fullStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The text's paragraphs: what an empty line ends. */
function paragraphsOf(text = ''): string[] {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replaceAll(/\s+/g, ' ').trim())
    .filter((paragraph) => paragraph !== '');
}

/** An example that says nothing of itself is for what the command is for. */
function exampleOf({ description, command }: ExampleDescription, summary: string): Example {
  return { comment: description ?? summary, line: command.replaceAll('<%= config.bin %>', programName) };
}

/** The commands below `id`. */
export function subcommandsOf(id: string, surface: Surface): CommandEntry[] {
  return [...surface.values()]
    .filter((command) => command.id.startsWith(`${id}:`) && !command.hidden)
    .map(({ id: below, summary }) => ({ words: commandWords(below), summary }));
}

function argumentText({ description = '', options, required }: ArgumentDescription): string {
  const values = options === undefined ? '' : ` [one of: ${options.join(', ')}]`;
  return `${description}${required === true ? '' : ' (optional)'}${values}`.trim();
}

export function commandPage(command: CommandDescription, surface: Surface): CommandPage {
  const permissions = neededPermissions(command);
  return {
    words: commandWords(command.id),
    summary: command.summary,
    paragraphs: paragraphsOf(command.description),
    examples: command.examples.map((example) => exampleOf(example, command.summary)),
    subcommands: subcommandsOf(command.id, surface),
    usage: command.usage.map((usage) => `${programName} ${usage}`),
    arguments: command.args.map((argument) => ({ name: argument.name.toUpperCase(), text: argumentText(argument) })),
    groups: flagGroups(command),
    kubectlFlags: asksCluster(command) ? kubectlFlags(command).map(flagText) : [],
    exitCodes: exitCodesOf(command),
    permissions: permissions === undefined ? [] : permissionSentences(permissions, programName),
  };
}

// SPDX-License-Identifier: Apache-2.0
import type { CommandDescription, FlagDescription } from '../surface/command-surface.js';

/** A flag in words, for any kind of page. */
export interface FlagText {
  /** `-o`, where there is one. */
  short: string | undefined;
  /** `--output=FORMAT`. */
  long: string;
  /** What it does, and its default. */
  text: string;
}

/** Flags that belong together. */
export interface FlagGroup {
  /** `Options (selection)`. */
  title: string;
  flags: readonly FlagText[];
}

/** The group of kubectl's own flags, which `kubectl netmachinery options` explains. */
const kubectlGroup = 'KUBECTL';

/** Values that are listed in the place of a name for them. */
const longestInlineValues = 22;

const inlineValues = ({ options = [] }: FlagDescription) => options.join('|').length <= longestInlineValues;

function valueName(flag: FlagDescription): string {
  const { name, helpValue, options } = flag;
  if (helpValue !== undefined) return helpValue;
  if (options === undefined) return 'VALUE';
  return inlineValues(flag) ? options.join('|') : name.replace(/^.*-/, '').toUpperCase();
}

function longFlag(flag: FlagDescription): string {
  if (flag.type === 'boolean') return `--${flag.name}`;
  const value = valueName(flag);
  // The value may be left out.
  if (/^\[[^\]]+\]$/.test(value)) return `--${flag.name}[=${value.slice(1, -1)}]`;
  return `--${flag.name}=${value}${flag.multiple === true ? '...' : ''}`;
}

function defaultText({ default: value, type }: FlagDescription): string | undefined {
  if (type === 'boolean' || value === undefined || value === null || value === '') return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What is to be known of a flag beside what it does: `[one of: a, b; default: a; env: NAME]`. */
function notes(flag: FlagDescription): string {
  const { options, env, aliases = [], helpValue, exclusive = [] } = flag;
  const isListed = options !== undefined && (helpValue !== undefined || !inlineValues(flag));
  const value = defaultText(flag);
  const parts = [
    ...(isListed ? [`one of: ${options.join(', ')}`] : []),
    ...(value === undefined ? [] : [`default: ${value}`]),
    ...(env === undefined ? [] : [`env: ${env}`]),
    ...(aliases.length === 0 ? [] : [`also: ${aliases.map((alias) => `--${alias}`).join(', ')}`]),
    ...(exclusive.length === 0 ? [] : [`not with ${exclusive.map((other) => `--${other}`).join(', ')}`]),
  ];
  return parts.length === 0 ? '' : ` [${parts.join('; ')}]`;
}

export function flagText(flag: FlagDescription): FlagText {
  const { char, summary = '' } = flag;
  return {
    short: char === undefined ? undefined : `-${char}`,
    long: longFlag(flag),
    text: `${summary}${notes(flag)}`.trim(),
  };
}

const shown = ({ flags }: CommandDescription) => flags.filter(({ hidden }) => hidden !== true);

/** kubectl's own flags among those of a command. */
export function kubectlFlags(command: CommandDescription): FlagDescription[] {
  return shown(command).filter(({ helpGroup }) => helpGroup === kubectlGroup);
}

/** Whether a command asks a cluster: it then takes what kubectl takes. */
export function asksCluster(command: CommandDescription): boolean {
  return kubectlFlags(command).length > 0;
}

/** The command's own flags in groups, that of its own name first, the others as they come. */
export function flagGroups(command: CommandDescription): FlagGroup[] {
  const ownGroup = command.id.replace(/^.*:/, '').toUpperCase();
  const groups = new Map<string, FlagText[]>();
  for (const flag of shown(command)) {
    if (flag.helpGroup === kubectlGroup) continue;
    const { helpGroup = ownGroup } = flag;
    const title = helpGroup === ownGroup ? 'Options' : `Options (${helpGroup.toLowerCase()})`;
    groups.set(title, [...(groups.get(title) ?? []), flagText(flag)]);
  }
  const titles = [...groups.keys()].sort((a, b) => Number(b === 'Options') - Number(a === 'Options'));
  return titles.map((title) => ({ title, flags: groups.get(title) ?? [] }));
}

// SPDX-License-Identifier: Apache-2.0
import manifest from '../../plugins-manifest/oclif.manifest.json' with { type: 'json' };
import { commandWords } from './command-id.js';

/** A flag as help, documents and completion show it; `env` is the variable that stands for it. */
export interface FlagDescription {
  name: string;
  type: 'boolean' | 'option';
  char?: string;
  aliases?: readonly string[];
  summary?: string;
  helpGroup?: string;
  /** What stands for its value: `NAME`, `one|all|N`. */
  helpValue?: string;
  /** The only values that it takes. */
  options?: readonly string[];
  default?: unknown;
  env?: string;
  multiple?: boolean;
  hidden?: boolean;
  /** Flags that it cannot be given with. */
  exclusive?: readonly string[];
}

/** A word that a command takes by its place. */
export interface ArgumentDescription {
  name: string;
  description?: string;
  options?: readonly string[];
  required?: boolean;
}

export interface ExampleDescription {
  description?: string;
  /** With `<%= config.bin %>` for how the plugin is called. */
  command: string;
}

/** A command as it stands in the manifest: nothing of its code has to be loaded to know it. */
export interface CommandDescription {
  /** `shape:list`. */
  id: string;
  summary: string;
  description?: string;
  usage: readonly string[];
  examples: readonly ExampleDescription[];
  args: readonly ArgumentDescription[];
  flags: readonly FlagDescription[];
  aliases: readonly string[];
  hidden: boolean;
}

interface ManifestCommand {
  id: string;
  summary: string;
  description?: string;
  usage?: string | readonly string[];
  examples?: readonly (string | ExampleDescription)[];
  args: Record<string, ArgumentDescription>;
  flags: Record<string, FlagDescription>;
  aliases: readonly string[];
  hidden?: boolean;
}

function described(command: ManifestCommand): CommandDescription {
  const {
    id,
    summary,
    description,
    usage = commandWords(id),
    examples = [],
    args,
    flags,
    aliases,
    hidden = false,
  } = command;
  return {
    id,
    summary,
    ...(description === undefined ? {} : { description }),
    usage: typeof usage === 'string' ? [usage] : usage,
    examples: examples.map((example) => (typeof example === 'string' ? { command: example } : example)),
    args: Object.values(args),
    flags: Object.values(flags),
    aliases,
    hidden,
  };
}

/** What the plugin is for, in one sentence. */
export const pluginSummary: string = manifest.description;

/** All commands, by id. */
export const commandSurface: ReadonlyMap<string, CommandDescription> = new Map(
  Object.entries(manifest.commands as unknown as Record<string, ManifestCommand>).map(([id, command]) => [
    id,
    described({ ...command, id }),
  ]),
);

// SPDX-License-Identifier: Apache-2.0
import type { CommandDescription, FlagDescription } from '../../../src/surface/command-surface.js';

/** A flag that takes a value, unless said otherwise. */
export function flag(name: string, more: Partial<FlagDescription> = {}): FlagDescription {
  return { name, type: 'option', summary: `What ${name} does`, ...more };
}

/** A command with nothing to it. */
export function command(id: string, more: Partial<CommandDescription> = {}): CommandDescription {
  return {
    id,
    summary: `Do ${id}`,
    usage: [id],
    examples: [],
    args: [],
    flags: [],
    aliases: [],
    hidden: false,
    ...more,
  };
}

export function surfaceOf(...commands: CommandDescription[]): ReadonlyMap<string, CommandDescription> {
  return new Map(commands.map((one) => [one.id, one]));
}

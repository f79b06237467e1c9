// SPDX-License-Identifier: Apache-2.0
import type { Command, Config } from '@oclif/core';
import { pflagWords, type FlagShape } from './commands/pflag-words.js';
import { commandModules } from './commands/registry.js';
import { commandId } from './surface/command-id.js';

/**
 * What a command asks of oclif's configuration while it runs. The whole of it is for programs whose commands, plugins and
 * hooks lie on the disk: making one takes longer than everything else that is done before the first request.
 */
const config = {
  bin: 'kubectl netmachinery',
  // Words of a command are joined here; oclif need not look for them.
  topicSeparator: ':',
  runHook: () => Promise.resolve({ successes: [], failures: [] }),
  scopedEnvVarKeys: () => [],
} as unknown as Config;

/** A command's class, run as oclif runs it: what it throws comes out as it is. */
type Runnable = new (argv: string[], config: Config) => { _run: () => Promise<unknown> };

/**
 * Runs the command that `argv` names, and calls `loaded` before, when oclif is loaded with it. Throws what the command
 * throws, and oclif's own complaints about its flags.
 */
export async function runProgram(argv: string[], loaded: () => void): Promise<void> {
  const id = commandId(argv, new Set(Object.keys(commandModules)));
  const load = commandModules[id ?? ''];
  if (id === undefined || load === undefined) {
    const { usageFailure } = await import('./commands/usage-failure.js');
    throw usageFailure(`command ${argv.join(':')} not found`, argv);
  }
  const { default: command } = await load();
  loaded();
  command.id = id;
  // A command without flags of its own has none declared, whatever oclif's types say.
  const declared = command.flags as (typeof Command)['flags'] | undefined;
  const flags: FlagShape[] = Object.entries(declared ?? {}).map(([name, flag]) => ({ ...flag, name }));
  const words = pflagWords(argv.slice(id.split(':').length), flags);
  await new (command as unknown as Runnable)(words, config)._run();
}

// SPDX-License-Identifier: Apache-2.0
import { Config, run, type Command, type Interfaces } from '@oclif/core';
import manifest from '../plugins-manifest/oclif.manifest.json' with { type: 'json' };
import { commandModules } from './commands/registry.js';
import { version } from './version.js';

const packageJson: Interfaces.PJSON = {
  name: 'kubectl-netmachinery',
  version,
  oclif: {
    additionalHelpFlags: ['-h'],
    bin: 'kubectl netmachinery',
    dirname: 'kubectl-netmachinery',
    topicSeparator: ' ',
    helpOptions: { flagSortOrder: 'none' },
    description: manifestDescription(),
  },
} as Interfaces.PJSON;

function manifestDescription(): string {
  return manifest.description;
}

async function loadCommand(id: string): Promise<Command.Class> {
  const load = commandModules[id];
  if (load === undefined) throw new Error(`no module is registered for command ${id}`);
  const { default: command } = await load();
  command.id = id;
  return command;
}

/**
 * oclif's view of this program. oclif would look for package.json, a manifest and command files on the disk; a single
 * executable has none of them, so the plugin is built from what is compiled in.
 */
class EmbeddedPlugin implements Interfaces.Plugin {
  readonly _base = '@oclif/core@4';
  readonly alias = packageJson.name;
  readonly commandsDir = undefined;
  readonly hasManifest = true;
  readonly hooks = {};
  readonly isRoot = true;
  readonly moduleType = 'module';
  readonly name = packageJson.name;
  readonly options: Interfaces.Options = { root: '/' };
  readonly pjson = packageJson;
  readonly root = '/';
  readonly topics: Interfaces.Topic[] = [];
  readonly type = 'core';
  readonly valid = true;
  readonly version = version;
  readonly commands: Command.Loadable[] = Object.entries(manifest.commands).map(
    ([id, cached]) => ({ ...cached, id, load: () => loadCommand(id) }) as unknown as Command.Loadable,
  );

  get commandIDs(): string[] {
    return this.commands.map((command) => command.id);
  }

  findCommand(id: string, options: { must: true }): Promise<Command.Class>;
  findCommand(id: string, options?: { must: boolean }): Promise<Command.Class> | undefined;
  findCommand(id: string): Promise<Command.Class> | undefined {
    return id in commandModules ? loadCommand(id) : undefined;
  }

  load(): Promise<void> {
    return Promise.resolve();
  }
}

/** Runs the command that `argv` names (or shows help); throws what the command throws and oclif's own usage errors. */
export async function runProgram(argv: string[]): Promise<void> {
  const plugin = new EmbeddedPlugin();
  const config = await Config.load({ root: plugin.root, plugins: new Map([[plugin.name, plugin]]), version });
  await run(argv, config);
}

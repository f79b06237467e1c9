// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Command } from '@oclif/core';
import prettier from 'prettier';
import { flagVariable } from '../src/commands/flags/setting-flag.js';
import { commandModules } from '../src/commands/registry.js';
import { version } from '../src/version.js';
import { writeAgentManifests } from './agent-manifests.js';
import { krewTemplate } from './release/krew-template.js';

const require = createRequire(import.meta.url);
// oclif does not export it; its own packer writes manifests with the same function.
const { cacheCommand } = require(
  join(dirname(require.resolve('@oclif/core/package.json')), 'lib/util/cache-command.js'),
) as { cacheCommand: (command: Command.Class) => Promise<Command.Cached> };

const description = "Tests, shapes and watches pod networks from the user's own pods.";

/** The flags of settings do not tell oclif of their variables, or it would read them; their defaults it knows as texts only. */
function withVariables(cached: Command.Cached, { flags }: Command.Class): Command.Cached {
  for (const [name, flag] of Object.entries(cached.flags)) {
    const variable = flagVariable(flags[name] ?? {});
    if (variable === undefined) continue;
    flag.env = variable;
    const { default: standard } = flag as { default?: unknown };
    if (typeof standard === 'string' && /^\d+$/.test(standard)) Object.assign(flag, { default: Number(standard) });
  }
  return cached;
}

/** The command manifest as text: what help and completion need of every command without loading one. */
export async function commandManifest(): Promise<string> {
  const commands: Record<string, Command.Cached> = {};
  for (const id of Object.keys(commandModules).sort()) {
    const module = await commandModules[id]?.();
    if (module === undefined) continue;
    module.default.id = id;
    commands[id] = withVariables(await cacheCommand(module.default), module.default);
  }
  return prettier.format(JSON.stringify({ version, description, commands }), { parser: 'json', printWidth: 120 });
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(join(import.meta.dirname, '../plugins-manifest/oclif.manifest.json'), await commandManifest());
  await writeAgentManifests();
  writeFileSync(join(import.meta.dirname, '../.krew.yaml'), krewTemplate());
}

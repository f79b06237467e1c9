// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Command } from '@oclif/core';
import prettier from 'prettier';
import { commandModules } from '../src/commands/registry.js';
import { version } from '../src/version.js';

const require = createRequire(import.meta.url);
// oclif does not export it; its own packer writes manifests with the same function.
const { cacheCommand } = require(
  join(dirname(require.resolve('@oclif/core/package.json')), 'lib/util/cache-command.js'),
) as { cacheCommand: (command: Command.Class) => Promise<Command.Cached> };

const description = "Tests, shapes and watches pod networks from the user's own pods.";

/** The command manifest as text: what help and completion need of every command without loading one. */
export async function commandManifest(): Promise<string> {
  const commands: Record<string, Command.Cached> = {};
  for (const id of Object.keys(commandModules).sort()) {
    const module = await commandModules[id]?.();
    if (module === undefined) continue;
    module.default.id = id;
    commands[id] = await cacheCommand(module.default);
  }
  return prettier.format(JSON.stringify({ version, description, commands }), { parser: 'json', printWidth: 120 });
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(join(import.meta.dirname, '../plugins-manifest/oclif.manifest.json'), await commandManifest());
}

// SPDX-License-Identifier: Apache-2.0
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';

const root = join(import.meta.dirname, '..');

/** What both bundles have in common: ES modules for Node.js that load further parts on first use. */
export const nodeBundle: BuildOptions = {
  bundle: true,
  splitting: true,
  minify: true,
  platform: 'node',
  format: 'esm',
  charset: 'ascii',
  chunkNames: 'chunks/[name]-[hash]',
  loader: {
    ...{ '.sh': 'text', '.css': 'text', '.browser.js': 'text', '.yaml': 'text' },
    ...{ '.bash': 'text', '.zsh': 'text', '.fish': 'text', '.ps1': 'text', '.cmd': 'text' },
  },
  legalComments: 'none',
  // CommonJS dependencies call require for Node.js' own modules.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  external: ['bufferutil', 'utf-8-validate', 'encoding', 'typescript'],
  logLevel: 'warning',
};

/**
 * Bundles the programs that run in the cluster into a folder, for the agent image (images/agent/Dockerfile): the same
 * sources give the same bytes. The package.json beside them says that they are ES modules.
 */
export async function bundleAgents(outdir: string): Promise<void> {
  await build({
    ...nodeBundle,
    target: 'node22',
    entryPoints: { 'netmachinery-agent': join(root, 'src/agents/main.ts') },
    outdir,
  });
  await writeFile(join(outdir, 'package.json'), '{"type":"module"}\n');
}

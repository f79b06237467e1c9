// SPDX-License-Identifier: Apache-2.0
import { basename, join, relative } from 'node:path';
import { build, transform, type Metafile } from 'esbuild';
import { nodeBundle } from './bundle-agents.js';
import { internedManifest } from './interned-manifest.js';
import { leanOclif } from './lean-oclif.js';

const root = join(import.meta.dirname, '..');
const target = 'node20';

/** The plugin as one small first file and chunks that load on first use. */
export interface PluginBundle {
  /** Text of each file by its path in the bundle's folder. */
  files: ReadonlyMap<string, string>;
  /** What each file is made of and what it loads (https://esbuild.github.io/api/#metafile). */
  metafile: Metafile;
}

/** Name of the first file. */
export const entryFile = 'kubectl-netmachinery.js';

/**
 * Bundles the plugin. esbuild shares code among chunks of ES modules only; they are then rewritten to CommonJS, because
 * Node.js takes twice as long to load a chunk as an ES module. Neither ES modules nor top-level await are left.
 */
export async function bundlePlugin(): Promise<PluginBundle> {
  const outdir = join(root, 'dist/node');
  const { outputFiles, metafile } = await build({
    ...nodeBundle,
    banner: {},
    plugins: [internedManifest, leanOclif],
    target,
    entryPoints: { [basename(entryFile, '.js')]: join(root, 'src/main.ts') },
    absWorkingDir: root,
    outdir,
    metafile: true,
    write: false,
  });
  const files = await Promise.all(
    outputFiles.map(async ({ path, text }): Promise<[string, string]> => {
      const { code } = await transform(text, {
        format: 'cjs',
        platform: 'node',
        target,
        supported: { 'dynamic-import': false },
        minify: true,
        charset: 'ascii',
        legalComments: 'none',
        // What libraries say to be warned of was there before.
        logLevel: 'error',
        logOverride: { 'empty-import-meta': 'error' },
      });
      const name = relative(outdir, path).replaceAll('\\', '/');
      // npm links to the first file, which the system then runs as what it says.
      return [name, name === entryFile ? `#!/usr/bin/env node\n${code}` : code];
    }),
  );
  // The package around it says that its files are ES modules.
  return { files: new Map([...files, ['package.json', '{"type":"commonjs"}\n']]), metafile };
}

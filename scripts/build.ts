// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { chmodSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
/** Built here and put in its place when it is whole: what runs from dist meanwhile goes on. */
const staging = join(root, 'dist.new');
const nodeBundle = join(staging, 'node');
const executable = join(staging, process.platform === 'win32' ? 'kubectl-netmachinery.exe' : 'kubectl-netmachinery');

/** Bundles the sources for Node.js: one small first file and chunks that load on first use. */
async function bundle(): Promise<void> {
  await build({
    entryPoints: { 'kubectl-netmachinery': join(root, 'src/main.ts') },
    outdir: nodeBundle,
    bundle: true,
    splitting: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    charset: 'ascii',
    chunkNames: 'chunks/[name]-[hash]',
    loader: { '.sh': 'text' },
    legalComments: 'none',
    // CommonJS dependencies call require for Node.js' own modules.
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
    external: ['bufferutil', 'utf-8-validate', 'encoding', 'typescript'],
    logLevel: 'warning',
  });
  const entry = join(nodeBundle, 'kubectl-netmachinery.js');
  chmodSync(entry, 0o755);
}

/** Compiles the same bundle with Bun into one file that needs neither Node.js nor Bun. */
function compile(): void {
  const bun = createRequire(import.meta.url).resolve('bun/package.json');
  const { status } = spawnSync(
    join(bun, '..', 'bin', 'bun.exe'),
    [
      'build',
      '--compile',
      '--minify',
      '--bytecode',
      '--format=cjs',
      join(nodeBundle, 'kubectl-netmachinery.js'),
      '--outfile',
      executable,
    ],
    // Bun leaves its temporary file in the working directory when it is killed.
    { cwd: staging, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  if (status !== 0) throw new Error(`bun build ended with status ${String(status)}`);
}

function size(path: string): string {
  return `${(statSync(path).size / 1e6).toFixed(3)} MB`;
}

rmSync(staging, { recursive: true, force: true });
await bundle();
process.stderr.write(`dist/node/kubectl-netmachinery.js ${size(join(nodeBundle, 'kubectl-netmachinery.js'))}\n`);
if (!process.argv.includes('--node-only')) {
  compile();
  process.stderr.write(`dist/${basename(executable)} ${size(executable)}\n`);
}
rmSync(dist, { recursive: true, force: true });
renameSync(staging, dist);

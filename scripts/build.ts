// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bundleAgents } from './bundle-agents.js';
import { compileExecutable } from './compile.js';
import { bundlePlugin, entryFile } from './plugin-bundle.js';
import { bundledPackages } from './release/bundled-packages.js';
import { thirdPartyLicences } from './release/third-party-licences.js';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
/** Built here and put in its place when it is whole: what runs from dist meanwhile goes on. */
const staging = join(root, 'dist.new');
const bundleFolder = join(staging, 'node');
const executable = join(staging, process.platform === 'win32' ? 'kubectl-netmachinery.exe' : 'kubectl-netmachinery');

/** Writes the bundle for Node.js, and beside it what it is made of, which is no part of it. */
async function bundle(): Promise<void> {
  const { files, metafile } = await bundlePlugin();
  mkdirSync(join(bundleFolder, 'chunks'), { recursive: true });
  for (const [path, text] of files) writeFileSync(join(bundleFolder, path), text);
  writeFileSync(join(staging, 'node.metafile.json'), JSON.stringify(metafile));
  writeFileSync(join(bundleFolder, 'THIRD-PARTY-LICENSES'), thirdPartyLicences(bundledPackages(metafile)));
  chmodSync(join(bundleFolder, entryFile), 0o755);
}

function size(path: string): string {
  return `${(statSync(path).size / 1e6).toFixed(3)} MB`;
}

rmSync(staging, { recursive: true, force: true });
await Promise.all([bundle(), bundleAgents(join(staging, 'agents'))]);
process.stderr.write(`dist/node/${entryFile} ${size(join(bundleFolder, entryFile))}\n`);
if (!process.argv.includes('--node-only')) {
  await compileExecutable(join(bundleFolder, entryFile), executable);
  process.stderr.write(`dist/${basename(executable)} ${size(executable)}\n`);
}
rmSync(dist, { recursive: true, force: true });
renameSync(staging, dist);

// SPDX-License-Identifier: Apache-2.0
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { readElf } from '../../scripts/release/elf.js';
import { importImage } from '../cluster/image-store.js';
import { packImage } from '../cluster/images/archive.js';
import { pathsBelow, testHome } from '../cluster/paths.js';
import { runCommand } from '../cluster/run-command.js';

/** Where this machine's loader finds a library. */
async function libraryPath(name: string): Promise<string> {
  const known = await runCommand('/sbin/ldconfig', ['-p']);
  const path = known
    .split('\n')
    .find((line) => line.trim().startsWith(`${name} `))
    ?.split(' => ')[1];
  if (path === undefined) throw new Error(`this machine has no ${name}`);
  return path;
}

/**
 * An image with an executable, the interpreter and the shared libraries that its header names, and nothing else: no shell, no
 * Node.js, no certificates, no /etc. Imported on node1; returns the command that removes it again.
 */
export async function importScratchImage(name: string, executable: string): Promise<() => Promise<void>> {
  const work = await mkdtemp(join(tmpdir(), 'netmachinery-scratch-'));
  const socket = pathsBelow(testHome()).containerdSocket;
  try {
    const rootDirectory = join(work, 'root');
    const { interpreter, needed } = readElf(await readFile(executable));
    const files = new Map([
      [`/${basename(executable)}`, executable],
      [interpreter, interpreter],
    ]);
    // The loader looks here without a cache; one of the names is its own.
    const libraries = needed.filter((library) => library !== basename(interpreter));
    for (const library of libraries) files.set(`/lib/${library}`, await libraryPath(library));
    for (const [to, from] of files) {
      const path = join(rootDirectory, to);
      await mkdir(dirname(path), { recursive: true });
      await copyFile(from, path);
      await chmod(path, 0o755);
    }
    await chmod(rootDirectory, 0o755);
    const archive = join(work, 'image.tar');
    const config = { entrypoint: [`/${basename(executable)}`], user: '65532:65532' };
    await packImage({ name, rootDirectory, output: archive, config });
    await importImage(socket, archive);
  } finally {
    await rm(work, { recursive: true });
  }
  return async () => {
    await runCommand('ctr', ['--address', socket, '--namespace', 'k8s.io', 'images', 'rm', '--sync', name]);
  };
}

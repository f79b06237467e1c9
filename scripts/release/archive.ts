// SPDX-License-Identifier: Apache-2.0
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { installedBun } from '../compile.js';
import { runProgram } from './run-program.js';

/** One file of an archive. */
export interface ArchiveEntry {
  /** Its path in the archive, with `/`. */
  path: string;
  /** A file to copy, or what it says. */
  content: { file: string } | { text: string };
  executable?: boolean;
}

const compressor = join(import.meta.dirname, 'compress.bun.js');

/** npm's date for files in packages. */
const noTime = new Date('1985-10-26T08:15:00.000Z');

/**
 * Writes a tar.gz with these files, sorted, owned by nobody and of one time: the same content gives the same bytes. `gzipLevel`
 * is 1 to 12.
 */
export async function writeArchive(file: string, entries: readonly ArchiveEntry[], gzipLevel: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'netmachinery-archive-'));
  const plain = `${folder}.tar`;
  try {
    for (const { path, content, executable = false } of entries) {
      const copy = join(folder, path);
      await mkdir(dirname(copy), { recursive: true });
      if ('file' in content) await copyFile(content.file, copy);
      else await writeFile(copy, content.text);
      await chmod(copy, executable ? 0o755 : 0o644);
    }
    const names = entries.map(({ path }) => path).sort();
    await create({ file: plain, cwd: folder, portable: true, mtime: noTime }, names);
    await runProgram(installedBun, [compressor, plain, file, String(gzipLevel)], dirname(plain));
  } finally {
    await rm(folder, { recursive: true });
    await rm(plain, { force: true });
  }
}

// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileExists } from '../file-exists.js';
import type { ClusterPaths } from '../paths.js';
import { runCommand } from '../run-command.js';

/** The library that lets User-Mode Linux run on processors with AMX (see xstate.c), compiled if it is not yet. */
export async function ensureXstate(paths: ClusterPaths): Promise<string> {
  const source = join(import.meta.dirname, 'xstate.c');
  const hash = createHash('sha256').update(await readFile(source));
  const library = join(paths.builds, `xstate-${hash.digest('hex').slice(0, 16)}.so`);
  if (await fileExists(library)) return library;
  await mkdir(paths.builds, { recursive: true });
  await runCommand('gcc', ['-O2', '-shared', '-fPIC', '-o', `${library}.new`, source]);
  await rename(`${library}.new`, library);
  return library;
}

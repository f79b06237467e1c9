// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Makes a file, or puts a new one in the place of one that is there: whoever reads it meanwhile has the whole of either.
 * Throws the system's error, and leaves nothing then.
 */
export function replaceFile(path: string, text: string, mode: number): void {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(draft, text, { mode, flag: 'wx' });
    renameSync(draft, path);
  } catch (thrown) {
    remove(draft);
    throw thrown;
  }
}

/** On a read-only file system Bun throws also where there is nothing to be removed. */
function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Why it could not be written is what is told.
  }
}

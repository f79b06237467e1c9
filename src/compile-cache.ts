// SPDX-License-Identifier: Apache-2.0
import { readdirSync, rmSync, statSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { cachesOf, ownFolder } from './cache-folder.js';
import { version } from './version.js';

/** Compiled code is run as it lies there: nobody else may have written it. Windows keeps others out by itself. */
function isOnlyOurs(folder: string): boolean {
  return ownFolder(folder) && (process.platform === 'win32' || (statSync(folder).mode & 0o022) === 0);
}

/** What other releases have left beside it, nobody reads any more. */
function removeOthers(folder: string): void {
  for (const name of readdirSync(dirname(folder))) {
    if (name !== version) rmSync(join(dirname(folder), name), { recursive: true, force: true });
  }
}

/** `module.enableCompileCache` of Node.js since 22.1 (https://nodejs.org/api/module.html#module-compile-cache). */
type EnableCompileCache = (folder: string) => unknown;

/**
 * Has Node.js keep the code that it compiles for the next run, which then takes a seventh less processor time. Node.js
 * checks what it reads, and goes without where it cannot. V8 itself does not check: Node.js 20, which has only
 * `cachedData` of V8, would end by a signal for one wrong byte, so it compiles each time. Bun has compiled already.
 */
export function enableCompileCache(
  environment: NodeJS.ProcessEnv,
  enable = (module as { enableCompileCache?: EnableCompileCache }).enableCompileCache,
): void {
  if (enable === undefined || process.versions['bun'] !== undefined) return;
  try {
    const folder = join(cachesOf(environment, process.platform), 'netmachinery', 'node', version);
    if (!isOnlyOurs(folder)) return;
    removeOthers(folder);
    enable(folder);
  } catch {
    // A home that cannot be written to is no reason to fail.
  }
}

// SPDX-License-Identifier: Apache-2.0
import { chmodSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { cachesOf, ownFolder } from '../cache-folder.js';

/** The folder of what is remembered, made if it can be; undefined where it is not ours or cannot be had. */
export function cacheFolder(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  try {
    const folder = join(cachesOf(environment, platform), 'netmachinery', 'completion');
    if (!ownFolder(folder)) return undefined;
    if (platform !== 'win32' && (lstatSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
    return folder;
  } catch {
    return undefined;
  }
}

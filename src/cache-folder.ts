// SPDX-License-Identifier: Apache-2.0
import { existsSync, lstatSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/** Where programs keep what can be had again: XDG's folder, on macOS and Windows their own. Throws where nobody has a home. */
export function cachesOf(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const xdg = environment['XDG_CACHE_HOME'] ?? '';
  // Relative ones are to be ignored (XDG Base Directory Specification).
  if (isAbsolute(xdg)) return xdg;
  if (platform === 'win32' && environment['LOCALAPPDATA']) return environment['LOCALAPPDATA'];
  const home = homedir();
  // Node.js says what HOME says, which may be nothing: files of ours would come to lie wherever the user is.
  if (!isAbsolute(home)) throw new Error(`no home folder: ${home}`);
  if (platform === 'darwin') return join(home, 'Library', 'Caches');
  return platform === 'win32' ? join(home, 'AppData', 'Local') : join(home, '.cache');
}

/** Whether a file or folder is of the user that runs this; on Windows that is not asked. */
function isOurs(path: string): boolean {
  const { uid } = lstatSync(path);
  return process.getuid === undefined || uid === process.getuid();
}

/**
 * Whether a folder is there and ours, made now if need be; not in the home of somebody else, as with sudo, who would find
 * files of root in it. Step by step: `recursive` of Node.js 22 never comes back where the system says that a folder below an
 * existing one cannot be (/proc). Throws where it cannot be made.
 */
export function ownFolder(folder: string): boolean {
  const missing: string[] = [];
  let parent = folder;
  for (; !existsSync(parent); parent = dirname(parent)) {
    // A drive of Windows need not be there.
    if (dirname(parent) === parent) return false;
    missing.unshift(parent);
  }
  if (!isOurs(parent)) return false;
  for (const path of missing) mkdirSync(path, { mode: 0o700 });
  return isOurs(folder) && lstatSync(folder).isDirectory();
}

// SPDX-License-Identifier: Apache-2.0
import { readFileSync, rmSync, statSync, type Stats } from 'node:fs';
import { join, resolve } from 'node:path';
import { Failure } from '../errors/failure.js';
import { foldersOnPath, helperFolder, helperName, real, type HelperPlace } from './helper-folder.js';
import { replaceFile } from './replace-file.js';
import windowsHelper from './shells/kubectl_complete-netmachinery.cmd';
import helper from './shells/kubectl_complete-netmachinery.sh';

/** What the file is about that kubectl runs for completion, by its name on PATH. */
const note = "Put here by 'kubectl netmachinery completion install'; 'completion uninstall' removes it.";
/** In every helper of ours, whichever release wrote it. */
const call = 'kubectl-netmachinery __complete';

/** Who wrote the file at a path: `installed` by us, `packaged` with a release, or somebody else. */
type Author = 'nobody' | 'installed' | 'packaged' | 'somebody';

/** The helper's text as it is installed. */
export function installedText(platform: NodeJS.Platform = process.platform): string {
  return platform === 'win32' ? `${windowsHelper}rem ${note}\r\n` : `${helper}# ${note}\n`;
}

/** A folder of PATH may be none, or closed to the user: kubectl finds nothing there either. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function authorOf(path: string): Author {
  const found = statOf(path);
  if (found === undefined) return 'nobody';
  // A pipe would be waited for.
  if (!found.isFile()) return 'somebody';
  try {
    const text = readFileSync(path, 'utf8');
    if (text.includes(note)) return 'installed';
    return text.includes(call) ? 'packaged' : 'somebody';
  } catch {
    return 'somebody';
  }
}

function unwritable(path: string, thrown: unknown, what: string): Failure {
  const { code = '', message } = thrown as NodeJS.ErrnoException;
  const words: Partial<Record<string, string>> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'read-only file system',
    ENOENT: 'no such folder',
  };
  const hint = what === 'write' ? 'name another folder of PATH by --dir' : undefined;
  return new Failure('tool', `cannot ${what} ${path}: ${words[code] ?? message}`, { cause: thrown, hint });
}

/** What was done about a helper, and where. */
export interface HelperOutcome {
  path: string;
  done: 'installed' | 'updated' | 'there already' | 'came with the release' | 'removed' | 'not there';
  /** Another one that is found before it on PATH. */
  hiddenBy?: string;
}

function hiddenBy(place: HelperPlace, path: string): { hiddenBy?: string } {
  const name = helperName(place.platform ?? process.platform);
  const first = foldersOnPath(place)
    .map((folder) => resolve(folder, name))
    .find((one) => authorOf(one) !== 'nobody');
  return first === undefined || real(first) === real(path) ? {} : { hiddenBy: first };
}

/** Puts the helper where kubectl finds it. Throws Failure. */
export function installHelper(place: HelperPlace & { force: boolean }): HelperOutcome {
  const { platform = process.platform, force } = place;
  const path = join(helperFolder(place), helperName(platform));
  const author = authorOf(path);
  const text = installedText(platform);
  if (author === 'packaged') return { path, done: 'came with the release', ...hiddenBy(place, path) };
  if (author === 'somebody' && !force) {
    throw new Failure('usage', `${path} is not ours`, { hint: '--force overwrites it' });
  }
  if (author === 'installed' && readFileSync(path, 'utf8') === text) {
    return { path, done: 'there already', ...hiddenBy(place, path) };
  }
  try {
    replaceFile(path, text, 0o755);
  } catch (thrown) {
    throw unwritable(path, thrown, 'write');
  }
  return { path, done: author === 'installed' ? 'updated' : 'installed', ...hiddenBy(place, path) };
}

/** Removes a helper that `installHelper` has put there, from `--dir` or from wherever it is on PATH. Throws Failure. */
export function removeHelper(place: HelperPlace): HelperOutcome {
  const name = helperName(place.platform ?? process.platform);
  const folders = place.folder === undefined ? foldersOnPath(place) : [place.folder];
  const paths = folders.map((folder) => resolve(folder, name));
  const path = paths.find((one) => authorOf(one) === 'installed');
  if (path === undefined) {
    const other = paths.find((one) => authorOf(one) !== 'nobody');
    if (other === undefined)
      return { path: place.folder === undefined ? name : join(place.folder, name), done: 'not there' };
    const whose = authorOf(other) === 'packaged' ? 'came with the release' : 'is not ours';
    throw new Failure('usage', `${other} ${whose}: it stays`);
  }
  try {
    rmSync(path);
  } catch (thrown) {
    throw unwritable(path, thrown, 'remove');
  }
  return { path, done: 'removed' };
}

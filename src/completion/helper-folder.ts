// SPDX-License-Identifier: Apache-2.0
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { Failure } from '../errors/failure.js';
import { quote } from '../targets/quote.js';

/** Where a helper is looked for or put. */
export interface HelperPlace {
  /** Of `--dir`. */
  folder: string | undefined;
  environment: NodeJS.ProcessEnv;
  platform?: NodeJS.Platform;
}

/** What kubectl looks for. */
export function helperName(platform: NodeJS.Platform): string {
  return platform === 'win32' ? 'kubectl_complete-netmachinery.cmd' : 'kubectl_complete-netmachinery';
}

/** The folders of PATH, in its order. */
export function foldersOnPath({ environment }: HelperPlace): string[] {
  // Windows spells it as it likes.
  const path = Object.entries(environment).find(([name]) => name.toUpperCase() === 'PATH')?.[1] ?? '';
  return path.split(delimiter).filter((folder) => folder !== '');
}

/** A folder or file without links, as far as there is one. */
export function real(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return resolve(folder);
  }
}

/** npx and npm run put folders on PATH that nobody else has there. */
const isPassing = (folder: string) => folder.includes(join('node_modules', '.bin'));

function holdsPlugin(folder: string, platform: NodeJS.Platform): boolean {
  const names =
    platform === 'win32' ? ['.exe', '.cmd'].map((end) => `kubectl-netmachinery${end}`) : ['kubectl-netmachinery'];
  return names.some((name) => {
    try {
      const path = join(folder, name);
      accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    } catch {
      return false;
    }
  });
}

/** The folder that a helper belongs into: that of `--dir`, else the one on PATH where the plugin is. Throws Failure. */
export function helperFolder(place: HelperPlace): string {
  const { folder, platform = process.platform } = place;
  const onPath = foldersOnPath(place);
  if (folder === undefined) {
    const found = onPath.find((one) => !isPassing(one) && holdsPlugin(one, platform));
    if (found !== undefined) return resolve(found);
    throw new Failure('usage', 'kubectl-netmachinery is in none of the folders of PATH', {
      hint: 'name a folder of PATH by --dir',
    });
  }
  if (!onPath.some((one) => real(one) === real(folder))) {
    throw new Failure('usage', `${quote(folder)} is not on PATH, where kubectl would look for it`, {
      hint: 'name a folder of PATH, or put this one there first',
    });
  }
  return resolve(folder);
}

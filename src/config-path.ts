// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { defaultImage, isImageName } from './tool-image.js';

/** The variable that names another file of settings than the usual one. */
export const configVariable = 'NETMACHINERY_CONFIG';

/**
 * Where the user's settings are: in the file that NETMACHINERY_CONFIG names, else `netmachinery/config.yaml` in XDG's folder of
 * configuration, on Windows in %APPDATA%. A folder of XDG's that is not absolute does not count (XDG Base Directory
 * Specification 0.8).
 */
export function configPath(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  const named = environment[configVariable];
  if (named !== undefined && named !== '') return named;
  const { XDG_CONFIG_HOME: xdg = '', APPDATA: appData } = environment;
  const folder =
    platform === 'win32'
      ? appData || join(home(), 'AppData', 'Roaming')
      : isAbsolute(xdg)
        ? xdg
        : join(home(), '.config');
  return join(folder, 'netmachinery', 'config.yaml');
}

/**
 * A user id without a passwd entry has no home folder, and asking for it throws. Node.js says what HOME says, which may be
 * nothing: settings must not come from wherever the user is.
 */
function home(): string {
  try {
    return resolve('/', homedir());
  } catch {
    return '/';
  }
}

/** The image without `--image` where no file has to be read for it; undefined where one has, or where there is something wrong. */
export function imageWithoutFile(environment: NodeJS.ProcessEnv): string | undefined {
  if (environment[configVariable] || existsSync(configPath(environment))) return undefined;
  const image = environment['NETMACHINERY_IMAGE'] || defaultImage;
  return isImageName(image) ? image : undefined;
}

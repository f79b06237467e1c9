// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { enableCompileCache } from '../../../src/compile-cache.js';
import { version } from '../../../src/version.js';

let caches: string;
let folder: string;

beforeEach(async () => {
  caches = await mkdtemp(join(tmpdir(), 'netmachinery-'));
  folder = join(caches, 'netmachinery/node', version);
});
afterEach(() => rm(caches, { recursive: true }));

/** The folder that Node.js was given. */
function enabled(xdgCacheHome: string): string | undefined {
  let given: string | undefined;
  enableCompileCache({ XDG_CACHE_HOME: xdgCacheHome }, (chosen) => (given = chosen));
  return given;
}

it('is a folder of our own among the caches of the user, for nobody else', async () => {
  expect(enabled(caches)).toBe(folder);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect(enabled(caches)).toBe(folder);
});

it('keeps one release', async () => {
  await mkdir(join(caches, 'netmachinery/node/0.0.1/v20'), { recursive: true });
  await mkdir(join(caches, 'netmachinery/choices'));
  enabled(caches);
  expect(await readdir(join(caches, 'netmachinery/node'))).toEqual([version]);
  expect(await readdir(join(caches, 'netmachinery'))).toEqual(['choices', 'node']);
});

it.each([0o720, 0o702])('is not read where others may write it (%o)', async (mode) => {
  enabled(caches);
  await chmod(folder, mode);
  expect(enabled(caches)).toBeUndefined();
});

it('is gone without where there is no place for it', async () => {
  await writeFile(join(caches, 'file'), '');
  expect(enabled(join(caches, 'file'))).toBeUndefined();
  if (process.platform === 'linux') expect(enabled('/proc/nowhere')).toBeUndefined();
});

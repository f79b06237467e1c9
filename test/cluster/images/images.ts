// SPDX-License-Identifier: Apache-2.0
import { createHash, type Hash } from 'node:crypto';
import { access, chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Progress } from '../progress.js';
import { packImage } from './archive.js';
import { imageName, type ImageRecipe } from './recipe.js';
import { busyboxOnly, pause, staticServer, web } from './small-images.js';
import { toolbox } from './toolbox.js';

export interface EnsureImagesOptions {
  /** Where archives are kept between runs; made if absent. */
  cacheDir: string;
  /** Called with a line when an image has to be built. */
  progress: Progress;
}

/** In the order of import: pods start with pause, and the toolbox is the one that takes long. */
const recipes: ImageRecipe[] = [pause, web, staticServer, busyboxOnly, toolbox];

const packer = fileURLToPath(new URL('archive.ts', import.meta.url));

/**
 * Paths of the archives of all test images, in the order of import. Those that are missing, or whose inputs changed, are
 * built, side by side; superseded ones are deleted. Needs root, and for the first call some 1 to 2 minutes.
 */
export async function ensureImages({ cacheDir, progress }: EnsureImagesOptions): Promise<string[]> {
  await mkdir(cacheDir, { recursive: true });
  const archives = await Promise.all(recipes.map((recipe) => ensureImage(recipe, cacheDir, progress)));
  await removeAllBut(archives, cacheDir);
  return archives;
}

async function ensureImage(
  recipe: ImageRecipe,
  cacheDir: string,
  progress: (message: string) => void,
): Promise<string> {
  const output = join(cacheDir, `${recipe.shortName}-${await keyOf(recipe)}.tar`);
  if (await exists(output)) return output;
  const startedAtMs = Date.now();
  progress(`image ${recipe.shortName}: building`);
  const work = await mkdtemp(join(cacheDir, `.building-${process.pid}-`));
  try {
    const rootDirectory = join(work, 'root');
    const archive = join(work, 'image.tar');
    await mkdir(rootDirectory);
    // The image's `/` gets this mode, and its other users have to be able to pass.
    await chmod(rootDirectory, 0o755);
    await recipe.populate(rootDirectory);
    await packImage({ name: imageName(recipe.shortName), rootDirectory, output: archive, config: recipe.config });
    await rename(archive, output);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const { size } = await stat(output);
  const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(0);
  progress(`image ${recipe.shortName}: ${(size / 1e6).toFixed(1)} MB in ${seconds} s`);
  return output;
}

/** Twelve hex digits that stand for everything that the archive is made from. */
async function keyOf({ shortName, config, inputs }: ImageRecipe): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([imageName(shortName), config]));
  for (const input of [packer, ...inputs]) await addToHash(hash, input);
  return hash.digest('hex').slice(0, 12);
}

async function addToHash(hash: Hash, path: string): Promise<void> {
  if (!(await stat(path)).isDirectory()) {
    hash.update(await readFile(path));
    return;
  }
  for (const name of (await readdir(path)).sort()) {
    hash.update(`\0${name}\0`);
    await addToHash(hash, join(path, name));
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Also what a killed run left; not what another one is at right now, nor what is not ours. */
async function removeAllBut(archives: string[], cacheDir: string): Promise<void> {
  const names = await readdir(cacheDir);
  const stale = names.filter(
    (name) => !archives.includes(join(cacheDir, name)) && (isArchive(name) || isLeftOver(name)),
  );
  await Promise.all(stale.map((name) => rm(join(cacheDir, name), { recursive: true, force: true })));
}

function isArchive(name: string): boolean {
  const shortName = /^(.+)-[0-9a-f]{12}\.tar$/.exec(name)?.[1];
  return recipes.some((recipe) => recipe.shortName === shortName);
}

function isLeftOver(name: string): boolean {
  const builder = /^\.building-(\d+)-/.exec(name)?.[1];
  return builder !== undefined && !isRunning(Number(builder));
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

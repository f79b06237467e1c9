// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { extract } from 'tar';
import { cachesOf } from '../../src/cache-folder.js';
import { installedBun } from '../compile.js';
import { lockedPackage, sha512OfIntegrity } from './lock-file.js';
import type { Platform } from './platforms.js';
import { megabytes, type Progress } from './progress.js';
import { runProgram } from './run-program.js';

/** Kept from release to release. */
const cacheFolder = join(cachesOf(process.env, process.platform), 'netmachinery-release');
const workPrefix = '.fetching-';
/** npm has given up by then. */
const longestFetchMs = 3_600_000;

/** What was killed while it fetched has left up to 150 MB each. */
async function removeInterrupted(): Promise<void> {
  for (const name of await readdir(cacheFolder)) {
    if (!name.startsWith(workPrefix)) continue;
    const folder = join(cacheFolder, name);
    const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > longestFetchMs) await rm(folder, { recursive: true, force: true });
  }
}

async function sha512(file: string): Promise<string> {
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** What npm has installed for this machine is the very runtime of its platform. */
function isInstalled({ os, arch, libc }: Platform): boolean {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  const isGlibc = report.header?.glibcVersionRuntime !== undefined;
  const sameLibc = os !== 'linux' || (libc === 'glibc') === isGlibc;
  const own = { os: process.platform === 'win32' ? 'windows' : process.platform, arch: process.arch };
  return sameLibc && os === own.os && arch === (own.arch === 'x64' ? 'amd64' : own.arch);
}

/**
 * The Bun executable of a platform: what npm has installed here, or its npm package, fetched by npm (as the user has set that
 * up) and compared with package-lock.json. Throws when it is another one than that says.
 */
export async function bunRuntime(platform: Platform, progress: Progress): Promise<string> {
  if (isInstalled(platform)) return installedBun;
  const name = `@oven/${platform.runtime}`;
  const { version, integrity } = lockedPackage(`node_modules/${name}`);
  const digest = sha512OfIntegrity(integrity);
  // Named by what was verified: a new version or another digest has a folder of its own.
  const folder = join(cacheFolder, `${platform.runtime}-${version}-${digest.slice(0, 16)}`);
  const executable = join(folder, 'package/bin', platform.os === 'windows' ? 'bun.exe' : 'bun');
  if (await exists(executable)) return executable;

  await mkdir(cacheFolder, { recursive: true });
  await removeInterrupted();
  const work = await mkdtemp(join(cacheFolder, workPrefix));
  try {
    progress(`fetching ${name}@${version} (40 to 55 MB)`);
    // Not silent: why it failed would not be said either.
    await runProgram('npm', ['pack', '--loglevel=error', `${name}@${version}`], work);
    const [archive = ''] = await readdir(work);
    const file = join(work, basename(archive));
    if ((await sha512(file)) !== digest) throw new Error(`${name}@${version} is not what package-lock.json says`);
    progress(
      `fetched ${name}@${version}: ${megabytes((await stat(file)).size)}, its SHA-512 is that of package-lock.json`,
    );
    await extract({ file, cwd: work });
    await rm(file);
    await rename(work, folder).catch(async (error: unknown) => {
      // Another release has fetched it meanwhile.
      if (!(await exists(executable))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return executable;
}

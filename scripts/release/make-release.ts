// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import pLimit from 'p-limit';
import { version } from '../../src/version.js';
import { compileExecutable } from '../compile.js';
import { writeArchive, type ArchiveEntry } from './archive.js';
import { archiveNameOf } from './archive-name.js';
import { bundledPackages } from './bundled-packages.js';
import { checkExecutable } from './check-executable.js';
import { noarchContents, platformContents } from './contents.js';
import { krewManifest, type KrewArchive } from './krew-manifest.js';
import { lockedPackage, sha512OfIntegrity } from './lock-file.js';
import { executableName, type Platform } from './platforms.js';
import { megabytes, type Progress } from './progress.js';
import { repositoryUrl } from './repository-url.js';
import { bunRuntime } from './runtimes.js';
import { signMachO } from './sign-mach-o.js';
import { billOfMaterials } from './sbom.js';
import { thirdPartyLicences } from './third-party-licences.js';

const dist = join(import.meta.dirname, '../../dist');

export interface ReleaseOptions {
  platforms: readonly Platform[];
  /** Where everything is written to; made if absent. */
  outdir: string;
  /** 1 to 12. */
  gzipLevel: number;
  progress: Progress;
}

/** The name of the archive of a platform, or of `noarch`. */
export function archiveName(platform: string): string {
  return archiveNameOf(platform, `v${version}`);
}

/**
 * Makes archives of what is in dist/, and beside them checksums, the bill of materials and krew's manifests. The same dist/
 * gives the same bytes. Throws when something is missing or an executable is not one that its platform would start.
 */
export async function makeRelease({ platforms, outdir, gzipLevel, progress }: ReleaseOptions): Promise<void> {
  const metafile = JSON.parse(await readFile(join(dist, 'node.metafile.json'), 'utf8')) as Metafile;
  const packages = bundledPackages(metafile);
  const bun = lockedPackage('node_modules/bun');
  await mkdir(outdir, { recursive: true });
  const work = await mkdtemp(join(tmpdir(), 'netmachinery-release-'));
  const sums = new Map<string, string>();

  const write = async (name: string, entries: readonly ArchiveEntry[]) => {
    const file = join(outdir, name);
    await writeArchive(file, entries, gzipLevel);
    sums.set(
      name,
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    );
    progress(`${name}: ${megabytes((await stat(file)).size)}`);
  };
  const writePlatform = async (platform: Platform) => {
    const folder = join(work, platform.name);
    const executable = join(folder, executableName(platform));
    await mkdir(folder);
    const runtime = await bunRuntime(platform, progress);
    await compileExecutable(join(dist, 'node/kubectl-netmachinery.js'), executable, { name: platform.target, runtime });
    if (platform.os === 'darwin') {
      await writeFile(executable, signMachO(await readFile(executable), 'kubectl-netmachinery'));
    }
    progress(`${platform.name}: ${await checkExecutable(executable, platform)}`);
    const licences = thirdPartyLicences(packages, bun.version);
    await write(archiveName(platform.name), platformContents(platform, executable, licences));
    await rm(folder, { recursive: true });
  };

  try {
    // Compressing takes one core each.
    const two = pLimit(2);
    await Promise.all([
      write(archiveName('noarch'), noarchContents(thirdPartyLicences(packages))),
      ...platforms.map((platform) => two(() => writePlatform(platform))),
    ]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }

  const runtimes = platforms.map(({ runtime }) => {
    const { version: runtimeVersion, integrity } = lockedPackage(`node_modules/@oven/${runtime}`);
    return { name: `@oven/${runtime}`, version: runtimeVersion, licence: 'MIT', sha512: sha512OfIntegrity(integrity) };
  });
  const texts: Record<string, string> = {
    [`kubectl-netmachinery_v${version}.cdx.json`]: billOfMaterials(version, packages, runtimes),
    'netmachinery.yaml': manifestOf(
      platforms.filter(({ libc }) => libc !== 'musl'),
      sums,
    ),
    'netmachinery-musl.yaml': manifestOf(
      platforms.filter(({ libc }) => libc === 'musl'),
      sums,
    ),
  };
  for (const [name, text] of Object.entries(texts)) {
    await writeFile(join(outdir, name), text);
    if (name.endsWith('.json')) sums.set(name, createHash('sha256').update(text).digest('hex'));
  }
  const lines = [...sums.keys()].sort().map((name) => `${sums.get(name) ?? ''}  ${name}\n`);
  await writeFile(join(outdir, 'SHA256SUMS'), lines.join(''));
}

/** krew's manifest with the archives of these platforms, as a release at the repository will have them. */
function manifestOf(platforms: readonly Platform[], sums: ReadonlyMap<string, string>): string {
  const archives: KrewArchive[] = platforms.map((platform) => {
    const name = archiveName(platform.name);
    return { platform, uri: `${repositoryUrl}/releases/download/v${version}/${name}`, sha256: sums.get(name) ?? '' };
  });
  return krewManifest(version, archives);
}

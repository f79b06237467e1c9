// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { list, type ReadEntry } from 'tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveName, makeRelease } from '../../scripts/release/make-release.js';
import { chosenPlatforms } from '../../scripts/release/platforms.js';
import { archiveFile, ownFolder, ownPlatform, releaseFile } from './made-release.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netmachinery-archives-'));
});
afterAll(() => rm(folder, { recursive: true }));

const run = promisify(execFile);

async function entries(platform: string): Promise<ReadEntry[]> {
  const found: ReadEntry[] = [];
  await list({ file: archiveFile(platform), onReadEntry: (entry) => found.push(entry) });
  return found;
}

describe('an archive', () => {
  it.each([ownPlatform, 'windows_amd64', 'noarch'])(
    'of %s holds files that belong to nobody and have no time of their own',
    async (platform) => {
      const found = await entries(platform);
      expect(new Set(found.map(({ type }) => type))).toEqual(new Set(['File']));
      expect(
        new Set(found.map(({ uid, gid, mtime }) => `${uid ?? 0} ${gid ?? 0} ${mtime?.toISOString() ?? ''}`)),
      ).toEqual(new Set(['0 0 1985-10-26T08:15:00.000Z']));
      const executable = found.filter(({ mode = 0 }) => (mode & 0o111) !== 0).map(({ path }) => path.split('/').pop());
      const suffix = platform.startsWith('windows') ? ['.exe', '.cmd'] : ['', ''];
      const programs = [`kubectl-netmachinery${suffix[0] ?? ''}`, `kubectl_complete-netmachinery${suffix[1] ?? ''}`];
      expect(executable.sort()).toEqual(
        [...(platform === 'noarch' ? ['kubectl-netmachinery.js'] : []), ...programs].sort(),
      );
      const paths = found.map(({ path }) => path);
      expect(paths).toEqual([...paths].sort());
      expect(paths).toEqual(expect.arrayContaining(['LICENSE', 'THIRD-PARTY-LICENSES']));
    },
  );

  it('is made of the same bytes once more', async () => {
    await makeRelease({
      platforms: chosenPlatforms([ownPlatform]),
      outdir: folder,
      gzipLevel: 1,
      progress: () => undefined,
    });
    for (const name of [archiveName(ownPlatform), archiveName('noarch')]) {
      expect((await readFile(join(folder, name))).equals(await readFile(releaseFile(name))), name).toBe(true);
    }
  });

  it('says nothing of the machine that it was made on', async () => {
    const checkout = join(import.meta.dirname, '../..');
    const executable = await readFile(join(ownFolder(), 'kubectl-netmachinery'));
    expect(executable.includes(checkout)).toBe(false);
    await expect(run('grep', ['-rlF', checkout, releaseFile('noarch')])).rejects.toMatchObject({ code: 1 });
  });

  it('for Node.js runs', async () => {
    const launcher = join(releaseFile('noarch'), 'bin/kubectl-netmachinery');
    const { stdout } = await run(launcher, ['version', '--client']);
    expect(stdout).toMatch(/^Client Version: v/);
  });

  it('names everything that is in the program with its licence', async () => {
    const licences = await readFile(join(ownFolder(), 'THIRD-PARTY-LICENSES'), 'utf8');
    expect(licences).toMatch(/^@kubernetes\/client-node 1\.\S+ \(Apache-2\.0\)$/m);
    expect(licences).toMatch(/^Bun \d\S+ \(MIT\)$/m);
    expect(licences).not.toMatch(/^(?:vitest|esbuild) /m);
  });
});

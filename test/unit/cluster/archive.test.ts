// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packImage } from '../../cluster/images/archive.js';

const run = promisify(execFile);
const name = 'docker.io/netmachinery-test/example:1';
const isRoot = process.getuid?.() === 0;

let folder: string;
let rootDirectory: string;
let output: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archive-'));
  rootDirectory = join(folder, 'root');
  output = join(folder, 'image.tar');
  await mkdir(join(rootDirectory, 'bin'), { recursive: true });
  await writeFile(join(rootDirectory, 'bin/tool'), 'content');
  await chmod(join(rootDirectory, 'bin/tool'), 0o755);
  await symlink('tool', join(rootDirectory, 'bin/alias'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function unpack(): Promise<string> {
  const unpacked = await mkdtemp(join(folder, 'unpacked-'));
  await run('tar', ['-xf', output, '-C', unpacked]);
  return unpacked;
}

describe('packImage', () => {
  it('writes an image whose manifest, configuration and layer agree', async () => {
    await packImage({ name, rootDirectory, output, config: { cmd: ['/bin/tool'], user: '65534' } });
    const unpacked = await unpack();
    const manifest: unknown = JSON.parse(await readFile(join(unpacked, 'manifest.json'), 'utf8'));
    expect(manifest).toEqual([{ Config: 'config.json', RepoTags: [name], Layers: ['layer.tar'] }]);
    const digest = createHash('sha256')
      .update(await readFile(join(unpacked, 'layer.tar')))
      .digest('hex');
    const configuration: unknown = JSON.parse(await readFile(join(unpacked, 'config.json'), 'utf8'));
    expect(configuration).toMatchObject({
      os: 'linux',
      config: { Cmd: ['/bin/tool'], User: '65534', Env: [expect.stringMatching(/^PATH=.*:\/bin$/)] },
      rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
    });
    const { stdout } = await run('tar', ['-tf', join(unpacked, 'layer.tar')]);
    expect(stdout.trim().split('\n')).toEqual(['./', './bin/', './bin/alias', './bin/tool']);
  });

  it('keeps a PATH that it is given', async () => {
    await packImage({ name, rootDirectory, output, config: { env: ['PATH=/only', 'A=b'] } });
    const configuration: unknown = JSON.parse(await readFile(join(await unpack(), 'config.json'), 'utf8'));
    expect(configuration).toMatchObject({ config: { Env: ['PATH=/only', 'A=b'] } });
  });

  it('gives the same bytes for the same files at another time', async () => {
    await packImage({ name, rootDirectory, output, config: {} });
    const first = await readFile(output);
    await utimes(join(rootDirectory, 'bin/tool'), new Date(), new Date(2001, 0, 1));
    await packImage({ name, rootDirectory, output, config: {} });
    expect((await readFile(output)).equals(first)).toBe(true);
  });

  it.runIf(isRoot)('keeps file capabilities', async () => {
    await run('setcap', ['cap_net_raw=ep', join(rootDirectory, 'bin/tool')]);
    await packImage({ name, rootDirectory, output, config: {} });
    const unpacked = await unpack();
    const restored = join(unpacked, 'restored');
    await mkdir(restored);
    await run('tar', ['--xattrs', '--xattrs-include=*', '-xf', join(unpacked, 'layer.tar'), '-C', restored]);
    const { stdout } = await run('getcap', [join(restored, 'bin/tool')]);
    expect(stdout).toContain('cap_net_raw=ep');
  });

  it('leaves nothing behind when it fails', async () => {
    const options = { name, rootDirectory: join(folder, 'absent'), output, config: {} };
    await expect(packImage(options)).rejects.toThrow(/^tar .* ended with 2:/);
    expect(await readdir(folder)).toEqual(['root']);
  });
});

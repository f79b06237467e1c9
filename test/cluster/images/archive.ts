// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { arch } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../../../src/errors/failure.js';
import { runCommand } from '../run-command.js';

/** What a container of the image runs as; the names of the OCI image configuration in lower case. */
export interface ImageConfig {
  entrypoint?: string[];
  cmd?: string[];
  /** `NAME=value`; a PATH is set where none is given. */
  env?: string[];
  /** `uid` or `uid:gid`, numeric so that runAsNonRoot can be checked. Root where absent. */
  user?: string;
}

export interface PackImageOptions {
  /** Full reference, such as `docker.io/netmachinery-test/web:1`: it becomes the image's name at import. */
  name: string;
  /** The root file system; owners, modes and file capabilities are taken as they are. */
  rootDirectory: string;
  /** The archive to write; it appears whole or not at all. */
  output: string;
  config: ImageConfig;
}

/** Same files, same bytes: sorted, without times, and owners as numbers. */
const reproducible = [
  '--sort=name',
  '--mtime=@0',
  '--numeric-owner',
  '--format=posix',
  '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime',
];

/**
 * tar leaves extended attributes out unless told, and a `ping` without its capability behaves unlike the real one.
 * They become SCHILY.xattr records, which containerd applies (its pkg/archive/tar.go).
 */
const fileCapabilities = ['--xattrs', '--xattrs-include=security.capability'];

const architectures: Partial<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
const defaultPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Packs a root file system as an image of one layer in the form of `docker save` (image spec v1.2), which
 * `ctr images import` takes. The layer is not compressed: it is read once, from the same disk.
 */
export async function packImage({ name, rootDirectory, output, config }: PackImageOptions): Promise<void> {
  const work = await mkdtemp(join(dirname(output), '.packing-'));
  try {
    const layer = join(work, 'layer.tar');
    await runCommand('tar', [
      '--create',
      `--file=${layer}`,
      `--directory=${rootDirectory}`,
      ...reproducible,
      ...fileCapabilities,
      '.',
    ]);
    await writeFile(join(work, 'config.json'), JSON.stringify(imageConfiguration(config, await sha256(layer))));
    await writeFile(
      join(work, 'manifest.json'),
      JSON.stringify([{ Config: 'config.json', RepoTags: [name], Layers: ['layer.tar'] }]),
    );
    const archive = join(work, 'image.tar');
    const members = ['config.json', 'manifest.json', 'layer.tar'];
    const owners = ['--owner=0', '--group=0', '--mode=0644'];
    await runCommand('tar', [
      '--create',
      `--file=${archive}`,
      `--directory=${work}`,
      ...reproducible,
      ...owners,
      ...members,
    ]);
    await rename(archive, output);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function imageConfiguration({ entrypoint, cmd, env = [], user }: ImageConfig, layerDigest: string): object {
  const architecture = architectures[arch()];
  if (architecture === undefined) throw new Failure('unsupported', `no images are built for ${arch()}`);
  const path = env.some((variable) => variable.startsWith('PATH=')) ? [] : [defaultPath];
  return {
    architecture,
    os: 'linux',
    config: { Entrypoint: entrypoint, Cmd: cmd, Env: [...path, ...env], User: user },
    rootfs: { type: 'layers', diff_ids: [`sha256:${layerDigest}`] },
    history: [{ created: new Date(0).toISOString() }],
  };
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

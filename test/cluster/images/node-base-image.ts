// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { arch } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../../src/errors/failure.js';
import { runCommand, tryCommand } from '../run-command.js';
import type { Buildah } from './buildah.js';
import { bootstrapDebian } from './debian-root.js';

/** What images/agent/Dockerfile is built on. No registry can be reached here, so an image of that name is made of its parts. */
export const nodeBaseName = 'docker.io/library/node:22-bookworm-slim';

const version = '22.23.2';
/** Of the packages `node-linux-ARCH`, which hold the programs that nodejs.org publishes. */
const integrity: Partial<Record<string, string>> = {
  x64: 'sha512-lfi+07N7Y+NCz+WrWIu+VmHkXuTLuDv6JLpCAH5n+MvZeG4x9SoSGVJ+h8lUJwJKXGwZUJCdDXo6zZoLw16RGA==',
  arm64: 'sha512-q/iQECqcUb0U0gzWPRylQbhZhvy36iRBRcxwv9jl3GalPHcQrwIce2nymh9V7LwlocRRpCspu0P3O7vJpHCQOQ==',
};

/** Puts the base image into a store of buildah's, if it is not there: Debian's smallest system and Node.js. */
export async function ensureNodeBaseImage({ store, run }: Buildah, progress: (line: string) => void): Promise<void> {
  const there = await tryCommand('buildah', [...run, 'inspect', '--type', 'image', nodeBaseName]);
  if (there.code === 0) return;
  progress('the base of the agent image: building');
  const work = await mkdtemp(join(store, '.base-'));
  try {
    const root = join(work, 'root');
    await mkdir(root);
    await chmod(root, 0o755);
    await bootstrapDebian(root, []);
    await installNode(work, root);
    const container = (await runCommand('buildah', [...run, 'from', '--pull-never', 'scratch'])).trim();
    const layer = join(work, 'root.tar');
    await runCommand('tar', ['--create', `--file=${layer}`, `--directory=${root}`, '--numeric-owner', '.']);
    await runCommand('buildah', [...run, 'add', '--quiet', container, layer, '/']);
    const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    await runCommand('buildah', [...run, 'config', '--env', path, '--cmd', 'node', container]);
    await runCommand('buildah', [...run, 'commit', '--quiet', '--rm', container, nodeBaseName]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function installNode(work: string, root: string): Promise<void> {
  const wanted = integrity[arch()];
  if (wanted === undefined) throw new Failure('unsupported', `no agent image is built for ${arch()}`);
  const name = `node-linux-${arch()}@${version}`;
  const file = (await runCommand('npm', ['pack', '--silent', '--pack-destination', work, name])).trim();
  const archive = join(work, file);
  const digest = createHash('sha512')
    .update(await readFile(archive))
    .digest('base64');
  if (`sha512-${digest}` !== wanted) throw new Failure('cluster', `${name} is not what it was when this was written`);
  await runCommand('tar', ['--extract', `--file=${archive}`, `--directory=${work}`]);
  await mkdir(join(root, 'usr/local/bin'), { recursive: true });
  await cp(join(work, 'package/bin/node'), join(root, 'usr/local/bin/node'));
  await chmod(join(root, 'usr/local/bin/node'), 0o755);
}

// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleAgents } from '../../../scripts/bundle-agents.js';
import { fileExists } from '../file-exists.js';
import type { Progress } from '../progress.js';
import { runCommand } from '../run-command.js';
import { buildahStore } from './buildah.js';
import { ensureNodeBaseImage, nodeBaseName } from './node-base-image.js';

const dockerfile = fileURLToPath(new URL('../../../images/agent/Dockerfile', import.meta.url));
const archiveName = /^agent-([0-9a-f]{12})\.tar$/;

/** The name of the image in an archive of ours: another content, another name, so that no pod gets an older one. */
export function agentImageName(archive: string): string {
  return `docker.io/netmachinery-test/agent:${archiveName.exec(basename(archive))?.[1] ?? 'unknown'}`;
}

export function isAgentArchive(archive: string): boolean {
  return archiveName.test(basename(archive));
}

/**
 * Path of the archive of the agent image, built by buildah from the very Dockerfile that users have, with the programs
 * as they are in src now. Built where it is missing: the first time needs some minutes, a changed program a few seconds.
 */
export async function ensureAgentImage(cacheDir: string, progress: Progress): Promise<string> {
  await mkdir(cacheDir, { recursive: true });
  const context = await mkdtemp(join(cacheDir, `.building-${process.pid}-`));
  try {
    const programs = join(context, 'dist/agents');
    await bundleAgents(programs);
    const key = await keyOf(programs);
    const output = join(cacheDir, `agent-${key}.tar`);
    if (await fileExists(output)) return output;
    const startedAtMs = Date.now();
    progress('image agent: building');
    await copyFile(dockerfile, join(context, 'Dockerfile'));
    await build(cacheDir, context, output, progress);
    progress(`image agent: ${((Date.now() - startedAtMs) / 1000).toFixed(0)} s`);
    return output;
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

async function build(cacheDir: string, context: string, output: string, progress: Progress): Promise<void> {
  const buildah = await buildahStore(cacheDir);
  await ensureNodeBaseImage(buildah, progress);
  const name = agentImageName(output);
  // The host's network: apt inside resolves and reaches what apt on this machine does.
  const how = ['--isolation', 'chroot', '--network', 'host', '--pull-never', '--layers', '--quiet'];
  await runCommand('buildah', [...buildah.run, 'build', ...how, '--tag', name, context]);
  const archive = join(context, 'image.tar');
  await runCommand('buildah', [...buildah.run, 'push', '--quiet', name, `docker-archive:${archive}:${name}`]);
  // Its layers stay for the next build under the names of their stages only as long as something refers to them.
  const listed = await runCommand('buildah', [...buildah.run, 'images', '--format', '{{.Name}}:{{.Tag}}']);
  const stale = listed.split('\n').filter((image) => image.includes('netmachinery-test/agent:') && image !== name);
  if (stale.length > 0) await runCommand('buildah', [...buildah.run, 'rmi', ...stale]);
  const older = (await readdir(cacheDir)).filter((file) => isAgentArchive(file));
  await Promise.all(older.map((file) => rm(join(cacheDir, file))));
  await rename(archive, output);
}

/** Twelve hex digits that stand for the programs, the Dockerfile and its base. */
async function keyOf(folder: string): Promise<string> {
  const hash = createHash('sha256')
    .update(nodeBaseName)
    .update(await readFile(dockerfile));
  for (const entry of (await readdir(folder, { recursive: true, withFileTypes: true })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    if (!entry.isFile()) continue;
    hash.update(`\0${entry.name}\0`).update(await readFile(join(entry.parentPath, entry.name)));
  }
  return hash.digest('hex').slice(0, 12);
}

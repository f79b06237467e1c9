// SPDX-License-Identifier: Apache-2.0
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Builds } from './builds.js';
import { waitUntil } from './api.js';
import type { ClusterPaths } from './paths.js';
import { logTail, startProcess, stopProcesses } from './processes.js';
import type { Progress } from './progress.js';
import { runCommand, tryCommand } from './run-command.js';

/** Imports an image archive into the containerd at `socket`, for the kubelet's use. */
export async function importImage(socket: string, archive: string): Promise<void> {
  await runCommand('ctr', ['--address', socket, '--namespace', 'k8s.io', 'images', 'import', archive]);
}

/** Waits until the containerd at `socket` answers. */
async function waitForContainerd(name: string, socket: string, paths: ClusterPaths): Promise<void> {
  const answers = async () => (await tryCommand('ctr', ['--address', socket, 'version'])).code === 0;
  await waitUntil(`${name} answers`, answers, 30_000, () => logTail(name, paths));
}

const metadata = (root: string) => join(root, 'io.containerd.metadata.v1.bolt', 'meta.db');
/** containerd's list of what it has, as it was when only the images were in it. */
const cleanMetadata = (root: string) => join(root, 'only-images.db');
const importedList = (root: string) => join(root, 'imported.json');

/** The names of the archives that the store was made from. */
async function importedArchives(root: string): Promise<string[]> {
  const text = await readFile(importedList(root), 'utf8').catch(() => '[]');
  return JSON.parse(text) as string[];
}

/**
 * Throws away what an earlier cluster's pods left in containerd's root, so that it holds nothing but the images: its
 * metadata are replaced by those from before, and layers unknown to them are collected by containerd itself.
 */
async function forgetContainers(root: string): Promise<void> {
  const hasClean = await copyFile(cleanMetadata(root), `${metadata(root)}.new`).then(
    () => true,
    () => false,
  );
  if (!hasClean) {
    await rm(root, { recursive: true, force: true });
    return;
  }
  await rename(`${metadata(root)}.new`, metadata(root));
  for (const plugin of [
    'io.containerd.grpc.v1.cri',
    'io.containerd.runtime.v2.task',
    'io.containerd.sandbox.controller.v1.shim',
  ]) {
    await rm(join(root, plugin), { recursive: true, force: true });
  }
}

/**
 * Makes a root folder of containerd's hold exactly the given images, unpacked, and no container. What is in it already is not
 * imported again, so with unchanged images this does next to nothing. No containerd may be running on it.
 */
export async function ensureImageStore(
  root: string,
  archives: string[],
  builds: Builds,
  paths: ClusterPaths,
  progress: Progress,
): Promise<void> {
  await forgetContainers(root);
  const imported = await importedArchives(root);
  const missing = archives.filter((archive) => !imported.includes(basename(archive)));
  if (missing.length === 0) return;

  const state = join(paths.run, 'import');
  const socket = join(state, 'containerd.sock');
  const config = join(state, 'containerd.toml');
  await mkdir(state, { recursive: true });
  const settings = [
    'version = 3',
    `root = "${root}"`,
    `state = "${state}/state"`,
    'disabled_plugins = ["io.containerd.grpc.v1.cri"]',
  ];
  await writeFile(config, `${settings.join('\n')}\n[grpc]\n  address = "${socket}"\n`);
  await startProcess('containerd-import', join(builds.containerd, 'containerd'), ['--config', config], paths);
  await waitForContainerd('containerd-import', socket, paths);
  for (const archive of missing) {
    progress(`importing ${basename(archive)}`);
    await importImage(socket, archive);
  }
  await stopProcesses(['containerd-import'], 10_000, paths);
  await rm(state, { recursive: true });
  await copyFile(metadata(root), `${cleanMetadata(root)}.new`);
  await rename(`${cleanMetadata(root)}.new`, cleanMetadata(root));
  await writeFile(importedList(root), JSON.stringify(archives.map((archive) => basename(archive))));
}

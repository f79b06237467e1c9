// SPDX-License-Identifier: Apache-2.0
import { readFile, readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { mountPoints } from './mounts.js';

/** Where the kubelet puts the cgroups of all pods (its --cgroup-root is the root). */
const podsCgroup = 'kubepods';

/** The folders of pods' cgroups in every hierarchy, the innermost first. */
export async function podCgroups(): Promise<string[]> {
  const roots = (await mountPoints()).filter(({ type }) => type === 'cgroup' || type === 'cgroup2');
  const trees = await Promise.all(roots.map(({ path }) => innermostFirst(join(path, podsCgroup))));
  return trees.flat();
}

async function innermostFirst(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [];
  const below = entries.filter((entry) => entry.isDirectory()).map((entry) => innermostFirst(join(folder, entry.name)));
  return [...(await Promise.all(below)).flat(), folder];
}

/** The processes in pods' cgroups: what containers run. */
export async function podProcesses(): Promise<number[]> {
  const folders = await podCgroups();
  const lists = await Promise.all(
    folders.map((folder) => readFile(join(folder, 'cgroup.procs'), 'utf8').catch(() => '')),
  );
  const pids = lists.flatMap((list) => list.split('\n').filter((line) => line !== ''));
  return [...new Set(pids.map(Number))].filter((pid) => pid > 0);
}

/** Removes pods' cgroups; one that still has a process stays. */
export async function removePodCgroups(): Promise<void> {
  for (const folder of await podCgroups()) await rmdir(folder).catch(() => undefined);
}

// SPDX-License-Identifier: Apache-2.0
import { readFile, readdir, readlink, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileExists } from './file-exists.js';
import { podCgroups, podProcesses, removePodCgroups } from './cgroups.js';
import { mountsBelow, unmountBelow } from './mounts.js';
import { networkLeftovers, tearDownNetwork } from './network.js';
import { cniNetwork } from './node-configuration.js';
import type { ClusterPaths } from './paths.js';
import { ownProcesses } from './process-search.js';
import { signalAll } from './processes.js';

const cniResults = '/var/lib/cni/results';
const containerLogs = '/var/log/containers';
/** containerd's shims make their sockets here whatever its state folder is. */
const shimSockets = '/run/containerd/s';
/** Folders that containerd may have made; they go if nobody else has anything in them. */
const sharedFolders = [shimSockets, '/run/containerd', cniResults, '/var/lib/cni', containerLogs];

/** What CNI and the kubelet left in folders that they share with others of their kind. */
async function strayFiles(paths: ClusterPaths): Promise<string[]> {
  const list = async (folder: string) => (await readdir(folder).catch(() => [])).map((name) => join(folder, name));
  const results = (await list(cniResults)).filter((file) => file.startsWith(join(cniResults, `${cniNetwork}-`)));
  const logs = await Promise.all(
    (await list(containerLogs)).map(async (file) => {
      const target = await readlink(file).catch(() => '');
      return target.startsWith(`${paths.podLogs}/`) ? [file] : [];
    }),
  );
  return [...results, ...logs.flat(), ...(await deadShimSockets())];
}

/** Sockets of shims that nobody listens on any more. */
async function deadShimSockets(): Promise<string[]> {
  const open = await readFile('/proc/net/unix', 'utf8');
  const files = (await readdir(shimSockets).catch(() => [])).map((name) => join(shimSockets, name));
  return files.filter((file) => !open.includes(file));
}

async function killEverything(paths: ClusterPaths): Promise<void> {
  const deadline = performance.now() + 15_000;
  // Again until none is left: the kubelet, the shims and the containers may start others until they are gone themselves.
  for (;;) {
    const pids = [...(await ownProcesses(paths)), ...(await podProcesses())];
    if (pids.length === 0 || performance.now() > deadline) return;
    signalAll(pids, 'SIGKILL');
    await sleep(50);
  }
}

/**
 * Ends and removes whatever of the cluster is there, however it came to be: running, half started, or left by a crash.
 * Nothing that lives is worth saving, so processes are killed and their traces removed, instead of being asked to end.
 */
export async function clearLeftovers(paths: ClusterPaths): Promise<void> {
  await killEverything(paths);
  await unmountBelow(paths.home);
  await removePodCgroups();
  await tearDownNetwork(paths);
  await Promise.all((await strayFiles(paths)).map((file) => rm(file, { force: true })));
  for (const folder of sharedFolders) await rmdir(folder).catch(() => undefined);
  await rm(paths.run, { recursive: true, force: true });
}

/** A line for each thing of the cluster that is on the machine; none after a good `down`. */
export async function findLeftovers(paths: ClusterPaths): Promise<string[]> {
  return [
    ...(await ownProcesses(paths)).map((pid) => `process ${pid}`),
    ...(await podProcesses()).map((pid) => `process ${pid} in a pod's cgroup`),
    ...(await podCgroups()).map((folder) => `cgroup ${folder}`),
    ...(await mountsBelow(paths.home)).map((path) => `mount ${path}`),
    ...(await networkLeftovers(paths)),
    ...(await strayFiles(paths)).map((file) => `file ${file}`),
    ...((await fileExists(paths.run)) ? [`folder ${paths.run}`] : []),
  ];
}

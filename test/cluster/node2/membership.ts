// SPDX-License-Identifier: Apache-2.0
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../../src/errors/failure.js';
import { node2 } from '../addresses.js';
import { apiClient, waitUntil } from '../api.js';
import { isNodeReady } from '../health.js';
import { kubectlOf } from '../kubectl.js';
import { unmountBelow } from '../mounts.js';
import { setUpNode2Network, tearDownNode2Network } from '../network.js';
import type { ClusterPaths } from '../paths.js';
import type { Prepared } from '../preparation.js';
import { sessionOf } from '../process-search.js';
import { logTail, signalAll, stopProcesses } from '../processes.js';
import type { Progress } from '../progress.js';
import { readState, writeState } from '../state.js';
import { ensureNode2Disk } from './disk.js';
import { startNode2 } from './node2.js';

/** Adds node2 to a running cluster. Returns when it is Ready; every image is on it from the first. */
export async function addNode2({ builds, images }: Prepared, paths: ClusterPaths, progress: Progress): Promise<void> {
  await removeNode2(paths);
  const disk = await ensureNode2Disk(images, builds, paths, progress);
  await setUpNode2Network();
  await startNode2(disk, builds, paths);
  progress('started node2');
  const api = await apiClient(paths);
  const isReady = async () => {
    if ((await sessionOf('node2', paths)).length === 0) {
      throw new Failure('cluster', `node2 has ended\n${await logTail('node2', paths)}`);
    }
    return isNodeReady(api, node2.name);
  };
  await waitUntil('node2 is Ready', isReady, 300_000, () => logTail('node2', paths));
  progress('node2 is Ready');
}

/** Ends node2 and takes it out of the cluster, whatever there is of it. */
export async function removeNode2(paths: ClusterPaths): Promise<void> {
  // The main process ignores TERM, and those that it runs the guest's programs in are found by their session only.
  signalAll(await sessionOf('node2', paths), 'SIGKILL');
  await stopProcesses(['node2'], 5000, paths);
  await tearDownNode2Network();
  await unmountBelow(join(paths.run, 'node2'));
  for (const name of ['node2', 'node2.cow', 'uml']) await rm(join(paths.run, name), { recursive: true, force: true });
  const kubectl = kubectlOf(paths);
  await kubectl(['delete', 'node', node2.name, '--ignore-not-found', '--wait=false']);
  // Nobody ends its pods any more, and a later node2 is not to begin with them.
  const itsPods = ['pods', '--all-namespaces', `--field-selector=spec.nodeName=${node2.name}`];
  await kubectl(['delete', ...itsPods, '--ignore-not-found', '--force', '--grace-period=0', '--wait=false']);
  const state = await readState(paths);
  if (state?.node2) await writeState({ ...state, node2: false }, paths);
}

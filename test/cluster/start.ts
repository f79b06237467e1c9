// SPDX-License-Identifier: Apache-2.0
import { basename } from 'node:path';
import { Failure } from '../../src/errors/failure.js';
import { node1 } from './addresses.js';
import { apiClient, waitUntil } from './api.js';
import { removeStaleBuilds } from './builds.js';
import { startApiServer, startControllers, startEtcd } from './control-plane.js';
import { deployCoredns } from './coredns.js';
import { hasServiceAccount, isApiReady, isNodeReady, namesResolve } from './health.js';
import { ensureImageStore } from './image-store.js';
import { writeKubeconfigs } from './kubeconfigs.js';
import { setUpNetwork } from './network.js';
import { startNode1, startRuntime } from './node1.js';
import type { ClusterPaths } from './paths.js';
import type { Prepared } from './preparation.js';
import { isAlive, logTail, recordedProcesses } from './processes.js';
import type { Progress } from './progress.js';
import { writeState } from './state.js';

/** Starts the control plane, node1 and the name server on a machine where nothing of the cluster is left. */
export async function start({ builds, images }: Prepared, paths: ClusterPaths, progress: Progress): Promise<void> {
  const awaited = async (what: string, check: () => Promise<boolean>, daemon: string) => {
    const checked = async () => {
      await refuseEnded(paths);
      return check();
    };
    await waitUntil(what, checked, 60_000, () => logTail(daemon, paths));
    progress(what);
  };
  await removeStaleBuilds(builds, paths);
  await setUpNetwork(paths);
  await writeKubeconfigs(paths);
  await startEtcd(paths);
  await startApiServer(builds, paths);
  progress('started etcd and the API server');
  await ensureImageStore(paths.containerdRoot, images, builds, paths, progress);
  await startRuntime(builds, paths);

  const api = await apiClient(paths);
  await awaited('the API server is ready', () => isApiReady(api), 'kube-apiserver');
  await startControllers(builds, paths);
  await startNode1(builds, paths);
  await deployCoredns(api);
  await awaited('node1 is Ready', () => isNodeReady(api, node1.name), 'kubelet');
  await awaited('pods can be made', () => hasServiceAccount(api), 'kube-controller-manager');
  await awaited('names in the cluster resolve', () => namesResolve(), 'kubelet');
  await writeState({ images: images.map((image) => basename(image)), workload: undefined, node2: false }, paths);
}

/** Throws a Failure if a daemon has ended by itself, with the end of its log. */
async function refuseEnded(paths: ClusterPaths): Promise<void> {
  for (const started of await recordedProcesses(paths)) {
    if (await isAlive(started)) continue;
    throw new Failure('cluster', `${started.name} has ended\n${await logTail(started.name, paths)}`);
  }
}

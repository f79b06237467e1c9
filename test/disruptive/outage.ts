// SPDX-License-Identifier: Apache-2.0
import { realpath } from 'node:fs/promises';
import { apiClient, waitUntil } from '../cluster/api.js';
import { ensureBuilds } from '../cluster/builds.js';
import { startApiServer } from '../cluster/control-plane.js';
import { hasServiceAccount, isApiReady, isNodeReady } from '../cluster/health.js';
import { pathsBelow, testHome, type ClusterPaths } from '../cluster/paths.js';
import { sessionOf } from '../cluster/process-search.js';
import { logTail, recordedProcesses, signalAll, stopProcesses } from '../cluster/processes.js';

async function paths(): Promise<ClusterPaths> {
  return pathsBelow(await realpath(testHome()));
}

/** Ends the API server in an orderly way, which lets requests end first, or as a crash does. Resolves when it has ended. */
export async function stopApiServer(how: 'orderly' | 'crash'): Promise<void> {
  const home = await paths();
  const [server] = (await recordedProcesses(home)).filter(({ name }) => name === 'kube-apiserver');
  if (server === undefined) throw new Error('the cluster records no API server');
  if (how === 'crash') signalAll([server.pid], 'SIGKILL');
  await stopProcesses(['kube-apiserver'], 20_000, home);
}

/** Starts the API server as the cluster does, unless it runs. Resolves when it is ready and its clients are back. */
export async function restoreApiServer(): Promise<void> {
  const home = await paths();
  const isRecorded = (await recordedProcesses(home)).some(({ name }) => name === 'kube-apiserver');
  if (!isRecorded) await startApiServer(await ensureBuilds(home, () => undefined), home);
  const api = await apiClient(home);
  const isBack = async () => (await isApiReady(api)) && (await isNodeReady(api, 'node1')) && hasServiceAccount(api);
  await waitUntil('the API server is back', isBack, 60_000, () => logTail('kube-apiserver', home));
}

/** Ends the kernel of node2 as a power failure does: nothing says goodbye. */
export async function killNode2(): Promise<void> {
  signalAll(await sessionOf('node2', await paths()), 'SIGKILL');
}

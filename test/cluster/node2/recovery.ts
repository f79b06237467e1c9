// SPDX-License-Identifier: Apache-2.0
import { realpath } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { node2 } from '../addresses.js';
import { apiClient, type ApiRequest } from '../api.js';
import { isNodeReady } from '../health.js';
import { pathsBelow, testHome, type ClusterPaths } from '../paths.js';
import { isAlive, logTail, recordedProcesses, type StartedProcess } from '../processes.js';

/** For how long a node2 that runs may fail to be Ready: on a busy machine it is late now and then. */
const patienceMs = 60_000;

/** Whether tests are to use node2. Where they are, one that is not well is a failure, never a reason to skip them. */
export const isNode2Wanted = process.env['NETMACHINERY_TEST_NODE2'] !== 'no';

async function clusterPaths(): Promise<ClusterPaths> {
  return pathsBelow(await realpath(testHome()));
}

async function recordOf(paths: ClusterPaths): Promise<StartedProcess | undefined> {
  return (await recordedProcesses(paths)).find(({ name }) => name === node2.name);
}

/** Which boot of node2 this is: what was made on an earlier one is gone. */
export async function bootOfNode2(): Promise<string> {
  const record = await recordOf(await clusterPaths());
  return record === undefined ? 'none' : `${record.pid}@${record.startTicks}`;
}

interface Ailment {
  why: string;
  /** It does not go by waiting. */
  lasting: boolean;
}

async function ailmentOfNode2(api: ApiRequest, paths: ClusterPaths): Promise<Ailment | undefined> {
  const record = await recordOf(paths);
  if (record === undefined) return { why: 'it was not started', lasting: true };
  if (!(await isAlive(record))) return { why: `its process ${record.pid} has ended`, lasting: true };
  return (await isNodeReady(api, node2.name))
    ? undefined
    : { why: 'it has not been Ready for a minute', lasting: false };
}

/**
 * Makes sure that node2 is well, which costs some milliseconds where it is. One whose process has ended, or that is not
 * Ready for a minute, is booted anew, and stderr tells why: an emulated kernel that dies must not take the tests along.
 */
export async function ensureNode2(): Promise<void> {
  const paths = await clusterPaths();
  const api = await apiClient(paths);
  const deadline = performance.now() + patienceMs;
  let ailment = await ailmentOfNode2(api, paths);
  while (ailment !== undefined && !ailment.lasting && performance.now() < deadline) {
    await sleep(500);
    ailment = await ailmentOfNode2(api, paths);
  }
  if (ailment === undefined) return;
  const say = (line: string) => void process.stderr.write(`node2: ${line}\n`);
  const { rebootNode2 } = await import('../cluster.js');
  await rebootNode2(async () => {
    // Somebody else may have done it while this waited for its turn.
    const still = await ailmentOfNode2(api, paths);
    if (still !== undefined)
      say(`booted anew, since ${still.why}; its log ends with\n${await logTail('node2', paths)}`);
    return still !== undefined;
  }, say);
}

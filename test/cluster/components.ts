// SPDX-License-Identifier: Apache-2.0
import { node1, node2 } from './addresses.js';
import { apiClient } from './api.js';
import { isApiReady, isNodeReady, namesResolve } from './health.js';
import type { ClusterPaths } from './paths.js';
import { isAlive, recordedProcesses } from './processes.js';
import { readState } from './state.js';

/** A part of the cluster as `status` shows it. */
export interface Component {
  name: string;
  well: boolean;
  detail: string;
  /** What has to be started anew if it is ill. */
  part: 'cluster' | 'node2';
  /** Ill for good: it does not become well by waiting. */
  lasting: boolean;
}

/** Every part that a start has begun, asked anew: each process, the API server, the nodes, the name server. */
export async function findComponents(paths: ClusterPaths): Promise<Component[]> {
  const recorded = await recordedProcesses(paths);
  const state = await readState(paths);
  if (recorded.length === 0 && state === undefined) return [];
  const processes = recorded.map(async (started): Promise<Component> => {
    const well = await isAlive(started);
    const part = started.name === 'node2' ? 'node2' : 'cluster';
    return {
      name: started.name,
      well,
      detail: `process ${started.pid} ${well ? 'runs' : 'has ended'}`,
      part,
      lasting: !well,
    };
  });
  const api = await apiClient(paths);
  const ask = async (name: string, check: Promise<boolean>, part: Component['part'] = 'cluster') => {
    const well = await check;
    return { name, well, detail: well ? 'ready' : 'not ready', part, lasting: false };
  };
  return Promise.all([
    ...processes,
    ask('API', isApiReady(api)),
    ask(`node ${node1.name}`, isNodeReady(api, node1.name)),
    ...(state?.node2 ? [ask(`node ${node2.name}`, isNodeReady(api, node2.name), 'node2')] : []),
    ask('names in the cluster', namesResolve()),
    ask('start completed', Promise.resolve(state !== undefined)),
  ]);
}

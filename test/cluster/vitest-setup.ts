// SPDX-License-Identifier: Apache-2.0
import { clusterUp } from './cluster.js';
import { isNode2Wanted } from './node2/recovery.js';

/**
 * Brings the test cluster up (node2 too: its kernel has what the machine's own lacks) for everything that needs it, and
 * takes it down afterwards if it was not up before. NETMACHINERY_TEST_NODE2=no spares node2 where a changed agent image would
 * have its disk made anew, for a run of single files that do not use it.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const { clusterDown, clusterRuns } = await import('./cluster.js');
  const ranBefore = await clusterRuns();
  const environment = await clusterUp({ node2: isNode2Wanted });
  Object.assign(process.env, environment);
  return async () => {
    if (!ranBefore) await clusterDown();
  };
}

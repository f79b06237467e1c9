// SPDX-License-Identifier: Apache-2.0
import { readWorkloads } from '../injection/live/read-workloads.js';
import { uninjectLive } from '../injection/live/uninject-live.js';
import { workloadScope } from '../injection/live/workload-words.js';
import { liveOptions, type UninjectFlags } from './inject-flags.js';
import { withCluster } from './with-cluster.js';
import { WorkloadLines } from './workload-lines.js';

/** `uninject` of workloads in the cluster. */
export async function uninjectCommand(words: string[], flags: UninjectFlags): Promise<void> {
  const scope = workloadScope(words, flags.selector);
  await withCluster(flags, async (cluster, signal, progress) => {
    const lines = new WorkloadLines('uninjected', flags.output, flags['dry-run'], progress);
    progress.update('reading the workloads');
    const workloads = await readWorkloads(cluster, scope, signal);
    await uninjectLive(cluster, workloads, { ...liveOptions(flags, signal), recreate: flags.recreate }, lines.observer);
    progress.stop();
    await lines.end();
  });
}

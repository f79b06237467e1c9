// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../kube/cluster.js';
import { connectCluster } from '../kube/connect.js';
import { clusterOptions } from './flags/cluster-options.js';
import { limitRun } from './interruption.js';
import { Progress } from './progress.js';

/** Does something with a cluster, with progress on stderr, until it is interrupted. */
export async function withCluster(
  flags: Parameters<typeof clusterOptions>[0],
  act: (cluster: Cluster, signal: AbortSignal, progress: Progress) => Promise<void>,
): Promise<void> {
  const limits = limitRun(undefined);
  const progress = new Progress(process.stderr.isTTY);
  const cluster = await connectCluster(clusterOptions(flags));
  try {
    await act(cluster, limits.signal, progress);
  } finally {
    progress.stop();
    limits.dispose();
    cluster.close();
  }
}

// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../kube/cluster.js';
import { serverVersion } from '../kube/server-version.js';

/** The first minor release of Kubernetes 1 that has init containers which go on running without a feature gate (KEP-753). */
const firstMinor = 29;

/** Whether a cluster has native sidecars; a version that cannot be read is that of a new one. */
export async function hasNativeSidecars(cluster: Cluster, signal: AbortSignal): Promise<boolean> {
  const { release } = await serverVersion(cluster, { signal });
  return release === undefined || release.major > 1 || release.minor >= firstMinor;
}

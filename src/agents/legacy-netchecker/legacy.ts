// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../../kube/cluster.js';

export interface LegacyOptions {
  cluster: Cluster;
  port: number;
  host?: string;
  log: (line: string) => void;
  leader: () => { isOurs: boolean; address: string | undefined };
}

/** Serves netchecker's v1 API. */
export function startLegacy(_options: LegacyOptions): Promise<{ port: number; stop(): Promise<void> }> {
  throw new Error('not built yet');
}

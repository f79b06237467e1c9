// SPDX-License-Identifier: Apache-2.0
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { ClusterPaths } from './paths.js';

/** What a completed start has put into the running cluster. */
export interface ClusterState {
  /** Names of the image archives that node1 has. */
  images: string[];
  /** Hash of the workload's manifests; undefined if it was not applied. */
  workload: string | undefined;
  node2: boolean;
}

/** Undefined if no start has been completed since the last `down`. */
export async function readState(paths: ClusterPaths): Promise<ClusterState | undefined> {
  const text = await readFile(paths.complete, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as ClusterState);
}

export async function writeState(state: ClusterState, paths: ClusterPaths): Promise<void> {
  await writeFile(`${paths.complete}.new`, JSON.stringify(state));
  await rename(`${paths.complete}.new`, paths.complete);
}

// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { importImage } from './image-store.js';
import { kubectlOf } from './kubectl.js';
import { addNode2, removeNode2 } from './node2/membership.js';
import type { ClusterPaths } from './paths.js';
import type { Prepared } from './preparation.js';
import type { Progress } from './progress.js';
import { writeState, type ClusterState } from './state.js';
import { applyNode2Workload, applyWorkload } from './workload/workload.js';

/** What a running cluster is asked to have. */
export interface Wanted {
  node2: boolean;
  workload: boolean;
}

/**
 * Brings a running cluster to what is wanted, from what it has: images and manifests may have changed since it was
 * started, the workload or node2 may not be there yet. Says so if there is nothing to do.
 */
export async function complete(
  state: ClusterState,
  wanted: Wanted,
  prepared: Prepared,
  paths: ClusterPaths,
  progress: Progress,
): Promise<void> {
  const missing = prepared.images.filter((image) => !state.images.includes(basename(image)));
  for (const image of missing) {
    progress(`importing ${basename(image)}`);
    await importImage(paths.containerdSocket, image);
  }
  if (missing.length > 0 && state.node2) await removeNode2(paths);
  const hasNode2 = state.node2 && missing.length === 0;
  const next: ClusterState = {
    images: prepared.images.map((image) => basename(image)),
    workload: wanted.workload ? await hashOfWorkload() : state.workload,
    // One that was removed for its images comes back when it is wanted: making its disk anew takes a while.
    node2: wanted.node2 || hasNode2,
  };
  const newWorkload = next.workload !== state.workload;
  const newNode2 = next.node2 && !hasNode2;
  if (missing.length === 0 && !newWorkload && !newNode2) {
    progress('runs already');
    return;
  }

  const options = { kubectl: kubectlOf(paths), progress };
  // Both at once: the one waits for pods most of the time, the other for a kernel to boot.
  const steps = await Promise.allSettled([
    newWorkload ? applyWorkload(options) : undefined,
    newNode2 ? addNode2(prepared, paths, progress) : undefined,
  ]);
  for (const step of steps) if (step.status === 'rejected') throw step.reason;
  if (next.node2 && wanted.workload && (newWorkload || newNode2)) await applyNode2Workload(options);
  await writeState(next, paths);
  progress('everything runs');
}

async function hashOfWorkload(): Promise<string> {
  const folder = join(import.meta.dirname, 'workload');
  const hash = createHash('sha256');
  for (const name of (await readdir(folder)).sort()) hash.update(name).update(await readFile(join(folder, name)));
  return hash.digest('hex');
}

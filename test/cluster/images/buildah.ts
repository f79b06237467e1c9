// SPDX-License-Identifier: Apache-2.0
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A store of images of buildah's that outlives a build, so that unchanged layers are not built again. */
export interface Buildah {
  store: string;
  /** What every call begins with. */
  run: string[];
}

/** The store below a cache folder; made if absent. It is ours alone: not that of the machine's user. */
export async function buildahStore(cacheDir: string): Promise<Buildah> {
  const store = join(cacheDir, 'buildah');
  await mkdir(store, { recursive: true });
  const run = ['--root', join(store, 'root'), '--runroot', join(store, 'run'), '--storage-driver', 'vfs'];
  return { store, run };
}

// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileExists } from '../file-exists.js';
import type { Builds } from '../builds.js';
import { ensureImageStore } from '../image-store.js';
import type { ClusterPaths } from '../paths.js';
import type { Progress } from '../progress.js';
import { runCommand } from '../run-command.js';

/** Size of the file system; the file is sparse, and what the guest writes goes to a copy-on-write file beside it. */
const diskSize = '6G';

/**
 * The disk image that node2 mounts: an ext4 file system whose folder `containerd` is containerd's root with every image
 * unpacked. It is filled on this machine, where it takes seconds; the guest's slow system calls would need a minute and
 * leave nothing for its pods meanwhile. Made anew when the images change; others are deleted.
 */
export async function ensureNode2Disk(
  images: string[],
  builds: Builds,
  paths: ClusterPaths,
  progress: Progress,
): Promise<string> {
  const key = createHash('sha256').update(JSON.stringify([diskSize, images.map((image) => basename(image))]));
  const disk = join(paths.disks, `node2-${key.digest('hex').slice(0, 16)}.ext4`);
  if (await fileExists(disk)) return disk;
  progress('making the disk of node2');
  await rm(paths.disks, { recursive: true, force: true });
  const root = join(paths.disks, 'root');
  await mkdir(join(root, 'containerd'), { recursive: true });
  await ensureImageStore(join(root, 'containerd'), images, builds, paths, () => undefined);
  // Without a journal: nobody continues with this disk after a crash.
  const options = ['-q', '-F', '-m', '0', '-O', '^has_journal', '-E', 'lazy_itable_init=1,root_owner=0:0'];
  await runCommand('mkfs.ext4', [...options, '-d', root, `${disk}.new`, diskSize]);
  await rename(`${disk}.new`, disk);
  await rm(root, { recursive: true });
  return disk;
}

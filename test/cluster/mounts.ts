// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { tryCommand } from './run-command.js';

export interface MountPoint {
  path: string;
  type: string;
}

/** Everything mounted in this mount namespace, in the order of mounting (proc(5), /proc/PID/mountinfo). */
export async function mountPoints(): Promise<MountPoint[]> {
  const lines = (await readFile('/proc/self/mountinfo', 'utf8')).trimEnd().split('\n');
  return lines.map((line) => {
    const fields = line.split(' ');
    const escaped = fields[4] ?? '';
    const path = escaped.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
    return { path, type: fields[fields.indexOf('-') + 1] ?? '' };
  });
}

/** What is mounted below a folder. */
export async function mountsBelow(folder: string): Promise<string[]> {
  return (await mountPoints()).map(({ path }) => path).filter((path) => path.startsWith(`${folder}/`));
}

/** Unmounts everything below a folder, the last mounted first; what is still in use goes when its user does. */
export async function unmountBelow(folder: string): Promise<void> {
  const mounts = (await mountsBelow(folder)).reverse();
  // In portions, since each name may be long and there may be hundreds.
  for (let start = 0; start < mounts.length; start += 100) {
    await tryCommand('umount', ['--lazy', '--', ...mounts.slice(start, start + 100)]);
  }
}

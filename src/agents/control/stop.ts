// SPDX-License-Identifier: Apache-2.0
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../errors/failure.js';

/** `control stop`: ends the prober of this container, which says goodbye by itself. */
export async function run(): Promise<void> {
  const found = await proberProcesses('/proc', process.pid);
  if (found.length === 0) throw new Failure('notFound', 'no prober runs in this container');
  for (const pid of found) process.kill(pid, 'SIGTERM');
}

/**
 * The processes of this container that run the agents' program as a prober. A pod may share its processes
 * (shareProcessNamespace): those of other containers have another cgroup (cgroups(7), /proc/PID/cgroup).
 */
export async function proberProcesses(proc: string, own: number): Promise<number[]> {
  const read = (pid: string | number, file: string) => readFile(join(proc, String(pid), file), 'utf8').catch(() => '');
  const cgroup = await read(own, 'cgroup');
  const pids = (await readdir(proc)).filter((name) => /^\d+$/.test(name) && Number(name) !== own);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const words = (await read(pid, 'cmdline')).split('\0');
      const program = words.findIndex((word) => /\/netmachinery-agent\.\w+$/.test(word));
      const isProber = program > 0 && ['prober', '', undefined].includes(words[program + 1]);
      return isProber && (await read(pid, 'cgroup')) === cgroup ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

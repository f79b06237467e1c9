// SPDX-License-Identifier: Apache-2.0
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterPaths } from './paths.js';
import { startTicksOf } from './processes.js';
import type { Progress } from './progress.js';

interface Holder {
  pid: number;
  startTicks: string | undefined;
}

/**
 * Runs `work` while no other process changes the same cluster: two test runs may both ask for it. A lock whose holder
 * has died is taken over.
 */
export async function withLock<T>(paths: ClusterPaths, progress: Progress, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(paths.lock), { recursive: true });
  const own: Holder = { pid: process.pid, startTicks: await startTicksOf(process.pid) };
  let waiting = false;
  while (!(await take(paths.lock, own))) {
    const holder = await holderOf(paths.lock);
    const dead = holder !== undefined && (await startTicksOf(holder.pid)) !== holder.startTicks;
    if (dead) {
      await rm(paths.lock, { force: true });
      continue;
    }
    if (!waiting) progress(`waiting for process ${holder?.pid ?? 'unknown'}, which starts or stops this cluster`);
    waiting = true;
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    await rm(paths.lock, { force: true });
  }
}

/** Takes the lock unless it is held. A link appears whole or not at all, so a lock always names its holder. */
async function take(file: string, own: Holder): Promise<boolean> {
  const written = `${file}.${own.pid}`;
  await writeFile(written, JSON.stringify(own));
  try {
    await link(written, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(written);
  }
}

/** Undefined if the lock was given back a moment ago. */
async function holderOf(file: string): Promise<Holder | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Holder);
}

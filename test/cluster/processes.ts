// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../src/errors/failure.js';
import type { ClusterPaths } from './paths.js';

/**
 * Every process that the cluster starts has this variable in its environment, with the cluster's home as value; children
 * inherit it. So a process of ours is found again after any crash, and nothing is ever ended because of its name.
 */
export const marker = 'NETMACHINERY_TEST_CLUSTER';

export const standardPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A process as recorded at its start. The start time tells it from a later process with the same number. */
export interface StartedProcess {
  name: string;
  pid: number;
  /** Clock ticks since boot, field 22 of /proc/PID/stat (proc(5)). */
  startTicks: string;
  /** Which boot: the numbers above mean nothing after another. */
  bootId: string;
}

const bootId = () => readFile('/proc/sys/kernel/random/boot_id', 'utf8').then((text) => text.trim());

/** The start time of a live process in ticks since boot, undefined if there is none or it is a zombie. */
export async function startTicksOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The name in parentheses may contain spaces: fields are counted from the last parenthesis; state is field 3.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields === undefined || fields[0] === 'Z' ? undefined : fields[19];
}

export async function isAlive(started: StartedProcess): Promise<boolean> {
  return (await startTicksOf(started.pid)) === started.startTicks;
}

/**
 * Starts a daemon in a session of its own, with its output in logs/NAME.log, and records it. `environment` is all that it
 * gets beside a usual PATH: no proxy or other setting of the caller's reaches the cluster's programs.
 */
export async function startProcess(
  name: string,
  program: string,
  args: string[],
  paths: ClusterPaths,
  environment: Record<string, string> = {},
): Promise<void> {
  await mkdir(paths.processes, { recursive: true });
  await mkdir(paths.logs, { recursive: true });
  const log = openSync(join(paths.logs, `${name}.log`), 'w');
  const env = { PATH: standardPath, HOME: paths.home, ...environment, [marker]: paths.home };
  const child = spawn(program, args, { cwd: '/', detached: true, env, stdio: ['ignore', log, log] });
  closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => reject(new Failure('tool', `cannot start ${program}`, { cause })));
  });
  child.unref();
  const pid = child.pid as number;
  const started: StartedProcess = { name, pid, startTicks: (await startTicksOf(pid)) ?? '', bootId: await bootId() };
  await writeFile(join(paths.processes, `${name}.json`), JSON.stringify(started));
}

/**
 * Puts a daemon before others where the kernel shares the processor among sessions (sched(7), autogroup), as nice(1) cannot.
 * Where that cannot be done the tests are only slower.
 */
export async function preferProcess(name: string, paths: ClusterPaths): Promise<void> {
  const started = (await recordedProcesses(paths)).find((process) => process.name === name);
  await writeFile(`/proc/${started?.pid}/autogroup`, '-10', { flag: 'r+' }).catch(() => undefined);
}

/** The processes recorded since the machine's last boot, alive or not. */
export async function recordedProcesses(paths: ClusterPaths): Promise<StartedProcess[]> {
  const files = await readdir(paths.processes).catch(() => []);
  const records = await Promise.all(files.map((file) => readFile(join(paths.processes, file), 'utf8')));
  const boot = await bootId();
  return records
    .flatMap((text) => (text === '' ? [] : [JSON.parse(text) as StartedProcess]))
    .filter((started) => started.bootId === boot);
}

/** The end of a recorded process's log, for an error message. */
export async function logTail(name: string, paths: ClusterPaths): Promise<string> {
  const text = await readFile(join(paths.logs, `${name}.log`), 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-6).join('\n');
}

/** Sends a signal to processes; one that has ended meanwhile is no error. */
export function signalAll(pids: number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Ends recorded daemons: TERM, and KILL for those that are still there after `graceMs`. */
export async function stopProcesses(names: string[], graceMs: number, paths: ClusterPaths): Promise<void> {
  const recorded = (await recordedProcesses(paths)).filter((started) => names.includes(started.name));
  const living = async () => {
    const alive = await Promise.all(recorded.map(isAlive));
    return recorded.filter((_, index) => alive[index]).map((started) => started.pid);
  };
  signalAll(await living(), 'SIGTERM');
  const deadline = performance.now() + graceMs;
  while ((await living()).length > 0 && performance.now() < deadline) await sleep(50);
  signalAll(await living(), 'SIGKILL');
  await Promise.all(recorded.map((started) => rm(join(paths.processes, `${started.name}.json`), { force: true })));
}

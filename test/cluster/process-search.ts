// SPDX-License-Identifier: Apache-2.0
import { readFile, readdir } from 'node:fs/promises';
import type { ClusterPaths } from './paths.js';
import { marker, recordedProcesses, startTicksOf, type StartedProcess } from './processes.js';

interface LiveProcess {
  pid: number;
  session: string;
  marked: boolean;
}

/** All live processes of this machine, and whether each carries this cluster's mark. */
async function liveProcesses(paths: ClusterPaths): Promise<LiveProcess[]> {
  const mark = `${marker}=${paths.home}`;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = pids.map(async (pid): Promise<LiveProcess[]> => {
    const [environment, stat] = await Promise.all([
      readFile(`/proc/${pid}/environ`, 'utf8').catch(() => ''),
      readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''),
    ]);
    // The name in parentheses may contain spaces; after it come the state, the parent, the group and the session (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (stat === '' || fields[0] === 'Z') return [];
    return [{ pid: Number(pid), session: fields[3] ?? '', marked: environment.split('\0').includes(mark) }];
  });
  return (await Promise.all(found)).flat();
}

/**
 * The sessions that recorded processes lead or led: as long as a member lives, the number is given to no other process.
 * One whose number was given away since has no members left.
 */
async function sessionsOf(recorded: StartedProcess[]): Promise<Set<string>> {
  const ticks = await Promise.all(recorded.map((started) => startTicksOf(started.pid)));
  const own = recorded.filter((started, index) => ticks[index] === undefined || ticks[index] === started.startTicks);
  return new Set(own.map((started) => String(started.pid)));
}

/** The numbers of all live processes that carry this cluster's mark or belong to a session that it started. */
export async function ownProcesses(paths: ClusterPaths): Promise<number[]> {
  const sessions = await sessionsOf(await recordedProcesses(paths));
  const live = await liveProcesses(paths);
  return live.filter(({ session, marked }) => marked || sessions.has(session)).map(({ pid }) => pid);
}

/** The numbers of the live processes in the session of the process recorded under a name. */
export async function sessionOf(name: string, paths: ClusterPaths): Promise<number[]> {
  const recorded = (await recordedProcesses(paths)).filter((started) => started.name === name);
  const sessions = await sessionsOf(recorded);
  return (await liveProcesses(paths)).filter(({ session }) => sessions.has(session)).map(({ pid }) => pid);
}

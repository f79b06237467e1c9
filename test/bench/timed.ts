// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Failure } from '../../src/errors/failure.js';
import { launchers, type Launcher } from '../e2e/cli.js';

/** How a finished program went. */
export interface Timed {
  ms: number;
  /** The most memory it held (VmHWM of proc(5)), where it was asked for. */
  peakMb?: number | undefined;
  stdout: string;
  stderr: string;
}

export interface TimedOptions {
  signal: AbortSignal;
  /** 0 is expected otherwise. */
  anyExitCode?: boolean;
  watchMemory?: boolean;
}

/** The peak so far of a process that still runs. The last one read before it ends is short of the truth by 2 ms. */
function peakMbOf(pid: number): number | undefined {
  try {
    const kib = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? undefined : Number(kib) / 1024;
  } catch {
    return undefined;
  }
}

/** Runs a program to its end and takes the time. Throws a Failure unless its exit code is as expected. */
export function timed(command: readonly string[], options: TimedOptions): Promise<Timed> {
  const [program = '', ...args] = command;
  const { signal, anyExitCode = false, watchMemory = false } = options;
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], signal });
    let stdout = '';
    let stderr = '';
    let endedAt = startedAt;
    let peakMb: number | undefined;
    const look = () => (peakMb = peakMbOf(child.pid ?? 0) ?? peakMb);
    const timer = watchMemory ? setInterval(look, 2) : undefined;
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('exit', () => (endedAt = performance.now()));
    child.on('error', (cause) => {
      clearInterval(timer);
      reject(new Failure('tool', `${program} did not run: ${cause.message}`, { cause }));
    });
    child.on('close', (code) => {
      clearInterval(timer);
      if (code === 0 || anyExitCode) resolve({ ms: endedAt - startedAt, peakMb, stdout, stderr });
      else reject(new Failure('tool', `${command.join(' ')} ended with ${String(code)}:\n${stdout}${stderr}`));
    });
  });
}

/** The plugin's command line for one of the ways to run it. */
export function plugin(launcher: Launcher, args: readonly string[]): string[] {
  return [...launchers[launcher], ...args];
}

// SPDX-License-Identifier: Apache-2.0
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { RemoteCommand } from '../../../src/probes/probe.js';

/** The shells that are here, as words of a command line. */
export const shells = [['sh'], ['bash'], ['busybox', 'sh']].filter(([program = '']) =>
  existsSync(`/usr/bin/${program}`),
);

/** In a session of its own, as a container runtime starts an exec. */
export function start({ argv }: RemoteCommand, shell: string[], stdin: 'pipe' | 'ignore'): ChildProcess {
  const [, ...rest] = argv;
  const [program = 'sh', ...options] = shell;
  return spawn(program, [...options, ...rest], { detached: true, stdio: [stdin, 'pipe', 'pipe'] });
}

/** What a process printed, and its exit code, once nobody writes any more. */
export async function finish(child: ChildProcess): Promise<{ stdout: string; stderr: string; exitCode: number }> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    // 'close' comes when nobody holds stdout and stderr open any more, which is what ends an exec.
    child.on('close', (code) => resolve(code ?? -1));
  });
  return { stdout, stderr, exitCode };
}

/** Processes of the session that a leader began. */
function sessionOf(leader: number | undefined): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && existsSync(`/proc/${name}/stat`))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [state, , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return session === String(leader) && state !== 'Z' ? [stat] : [];
      } catch {
        return [];
      }
    });
}

/** Fails where anything of a session lives on. */
export async function expectNothingLeft(leader: number | undefined): Promise<void> {
  await expect.poll(() => sessionOf(leader), { timeout: 2000 }).toEqual([]);
}

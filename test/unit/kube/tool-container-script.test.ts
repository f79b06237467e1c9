// SPDX-License-Identifier: Apache-2.0
import { spawn, spawnSync } from 'node:child_process';
import { afterAll, describe, expect, test } from 'vitest';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  busyExitCode,
  endCommand,
  idleCommand,
  idleSecondsOf,
  markWork,
} from '../../../src/kube/tool-container-script.js';

const shells = [['dash'], ['bash', '--posix'], ['bash'], ['busybox', 'sh']].filter(
  ([name = '']) => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name]).status === 0,
);

/** A container has a /tmp of its own; here others work beside us. */
const workDirectory = mkdtempSync(join(tmpdir(), 'netmachinery-'));
afterAll(() => rmSync(workDirectory, { recursive: true }));

/** The command with a shell of our choice instead of the `sh` that the image would have, and its marks in a folder of ours. */
function inShell(shell: string[], command: string[]): [string, string[]] {
  const [name = '', ...options] = shell;
  const words = command.slice(1).map((word) => word.replaceAll('/tmp/.netmachinery', workDirectory));
  return [name, [...options, ...words]];
}

describe.each(shells)('%s', (...shell) => {
  test('the idle process ends at once on TERM', async () => {
    const child = spawn(...inShell(shell, idleCommand(3600)), { stdio: 'ignore' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const startedAt = performance.now();
    child.kill('SIGTERM');
    const code = await new Promise((resolve) => child.on('exit', resolve));
    expect(code).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });

  test('the idle process of who has something to undo tells what is at work to end, and waits for it', async () => {
    const idle = spawn(...inShell(shell, idleCommand(3600, true)), { stdio: 'ignore' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const script = 'trap "sleep 0.5; echo done; exit" TERM; echo ready; while :; do sleep 0.1; done';
    const work = spawn(...inShell(shell, markWork(['sh', '-c', script], 20)), { stdio: ['ignore', 'pipe', 'ignore'] });
    const said: string[] = [];
    const ready = new Promise((resolve) => work.stdout.once('data', resolve));
    work.stdout.on('data', (chunk: Buffer) => said.push(chunk.toString().trim()));
    await ready;
    const ended = new Promise((resolve) => idle.on('exit', resolve));
    idle.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(said.join()).toContain('done');
  });

  test('the idle process of who has something to undo is not the first to end when memory runs out', async () => {
    const scores = [];
    for (const spared of [false, true]) {
      const idle = spawn(...inShell(shell, idleCommand(3600, spared)), { stdio: 'ignore' });
      await new Promise((resolve) => setTimeout(resolve, 200));
      scores.push(readFileSync(`/proc/${idle.pid ?? 0}/oom_score_adj`, 'utf8'));
      idle.kill('SIGTERM');
      await new Promise((resolve) => idle.on('exit', resolve));
    }
    expect(scores).toEqual(['1000\n', readFileSync('/proc/self/oom_score_adj', 'utf8')]);
  });

  test('the end spares what is at work, unless it is forced', async () => {
    const idle = spawn(...inShell(shell, idleCommand(3600)), { stdio: 'ignore' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const work = spawn(...inShell(shell, markWork(['sleep', '9'], 20)), { stdio: 'ignore' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(spawnSync(...inShell(shell, endCommand(true))).status).toBe(busyExitCode);
    const workEnded = new Promise((resolve) => work.on('exit', resolve));
    work.kill('SIGKILL');
    await workEnded;
    const idleEnded = new Promise((resolve) => idle.on('exit', resolve));
    expect(spawnSync(...inShell(shell, endCommand(true))).status).toBe(0);
    expect(await idleEnded).toBe(0);
  });

  test(
    'the idle process stays for its time after the work, however long that might have lasted',
    { timeout: 15_000 },
    async () => {
      const startedAt = performance.now();
      const idle = spawn(...inShell(shell, idleCommand(2)), { stdio: 'ignore' });
      const ended = new Promise((resolve) => idle.on('exit', resolve));
      await new Promise((resolve) => setTimeout(resolve, 200));
      spawnSync(...inShell(shell, markWork(['sleep', '3'], 3600)));
      expect(await ended).toBe(0);
      expect(performance.now() - startedAt).toBeGreaterThan(4000);
    },
  );

  test('the idle process starts over what an earlier one left', async () => {
    mkdirSync(workDirectory, { recursive: true });
    writeFileSync(`${workDirectory}/1.999999999`, '');
    writeFileSync(`${workDirectory}/idle`, '999999999');
    const ended = await new Promise((resolve) =>
      spawn(...inShell(shell, idleCommand(1)), { stdio: 'ignore' }).on('exit', resolve),
    );
    expect(ended).toBe(0);
    expect(existsSync(`${workDirectory}/1.999999999`)).toBe(false);
  });

  test('work keeps its arguments, streams and exit code', () => {
    const words = ['; id', '$(id)', '', '-n', "it's"];
    const command = markWork(['sh', '-c', 'cat; printf "%s|" "$@"; exit 7', 'sh', ...words], 5);
    const { status, stdout } = spawnSync(...inShell(shell, command), { input: 'in|' });
    expect({ status, stdout: stdout.toString() }).toEqual({ status: 7, stdout: `in|${words.join('|')}|` });
  });

  test('work is bounded in memory, files and processes, has no core files, and is the first to end when memory runs out', () => {
    const read = ['sh', '-c', 'cat /proc/self/limits /proc/self/oom_score_adj'];
    const { stdout } = spawnSync(...inShell(shell, markWork(read, 5)));
    const limits = stdout.toString();
    expect(limits).toMatch(/^Max address space +536870912 +536870912 /m);
    expect(limits).toMatch(/^Max processes +1024 +1024 /m);
    expect(limits).toMatch(/^Max core file size +0 +0 /m);
    // The unit is 512 bytes (POSIX), and 1024 in bash unless it is in POSIX mode.
    expect(limits).toMatch(/^Max file size +(16777216|33554432) /m);
    expect(limits).toMatch(/^1000$/m);
  });

  test('work ends at its limit', () => {
    const startedAt = performance.now();
    const { status, signal } = spawnSync(...inShell(shell, markWork(['sleep', '9'], 1)));
    // BusyBox' timeout becomes the command, which then dies by the signal.
    expect([124, 'SIGTERM']).toContain(status ?? signal);
    expect(performance.now() - startedAt).toBeLessThan(4000);
  });
});

test('the idle seconds of a command', () => {
  expect(idleSecondsOf(idleCommand(28_800))).toBe(28_800);
  expect(idleSecondsOf(idleCommand(28_800, true))).toBe(28_800);
  expect(idleSecondsOf(['sh', '-c', 'sleep 1', 'netmachinery-idle', '28800'])).toBeUndefined();
  expect(idleSecondsOf(['sleep', '1'])).toBeUndefined();
  expect(idleSecondsOf(undefined)).toBeUndefined();
});

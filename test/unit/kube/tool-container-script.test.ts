// SPDX-License-Identifier: Apache-2.0
import { spawn, spawnSync } from 'node:child_process';
import { afterAll, describe, expect, test } from 'vitest';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { idleCommand, idleSecondsOf, markWork } from '../../../src/kube/tool-container-script.js';

const shells = [['dash'], ['bash', '--posix'], ['bash'], ['busybox', 'sh']].filter(
  ([name = '']) => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name]).status === 0,
);

/** The command with a shell of our choice instead of the `sh` that the image would have. */
function inShell(shell: string[], command: string[]): [string, string[]] {
  const [name = '', ...options] = shell;
  return [name, [...options, ...command.slice(1)]];
}

const workDirectory = '/tmp/.netmachinery';
const before = existsSync(workDirectory) ? readdirSync(workDirectory) : undefined;

afterAll(() => {
  if (before === undefined) rmSync(workDirectory, { recursive: true, force: true });
});

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

  test('work keeps its arguments, streams and exit code', () => {
    const words = ['; id', '$(id)', '', '-n', "it's"];
    const command = markWork(['sh', '-c', 'cat; printf "%s|" "$@"; exit 7', 'sh', ...words], 5);
    const { status, stdout } = spawnSync(...inShell(shell, command), { input: 'in|' });
    expect({ status, stdout: stdout.toString() }).toEqual({ status: 7, stdout: `in|${words.join('|')}|` });
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
  expect(idleSecondsOf(['sh', '-c', 'sleep 1', 'netmachinery-idle', '28800'])).toBeUndefined();
  expect(idleSecondsOf(['sleep', '1'])).toBeUndefined();
  expect(idleSecondsOf(undefined)).toBeUndefined();
});

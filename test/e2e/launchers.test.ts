// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchers, netmachinery, report, runUntil, type Launcher } from './cli.js';
import { plugin, timed } from '../bench/timed.js';
import { createNamespace, createReady, deleteNamespace, idleProcesses, podManifest, processesOnce } from './kubectl.js';
import { serverPod } from './manifests.js';

let namespace = '';
let folder = '';
const quick = ['--count', '2', '--interval', '20ms'];
const every = Object.keys(launchers) as Launcher[];
/** `node` alone would be a type of objects. */
const podOf = (launcher: Launcher) => `by-${launcher}`;

beforeAll(async () => {
  [namespace, folder] = await Promise.all([createNamespace('launchers'), mkdtemp(join(tmpdir(), 'netmachinery-'))]);
  await createReady(
    namespace,
    serverPod('server'),
    ...every.map((name) => podManifest(podOf(name))),
    podManifest('stopped'),
  );
});
afterAll(() => Promise.all([deleteNamespace(namespace), rm(folder, { recursive: true })]));

/** Runs a shell's pipeline; its words are arguments, never part of the script. */
function shell(script: string, args: readonly string[]): Promise<{ exitCode: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', script, 'bash', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, output }));
  });
}

describe.concurrent.each(every)('started as %s', (launcher) => {
  it('pings and connects through a tool container of its own', async () => {
    const ping = ['ping', '-n', namespace, podOf(launcher), 'server', 'no-such-name.example', ...quick];
    const pinged = await report(ping, { launcher });
    expect(pinged.report.results.map(({ reason }) => reason)).toEqual(['EchoReply', 'NameNotFound']);
    expect(pinged.stderr).toMatch(/^Note: 1 pod gets/);
    expect(pinged.exitCode).toBe(1);
    const connected = await report(['connect', '-n', namespace, podOf(launcher), 'server:8080', 'server:1'], {
      launcher,
    });
    expect(connected.report.results.map(({ reason }) => reason)).toEqual(['Connected', 'Refused']);
    expect(connected.stderr).toBe('');
    expect(connected.exitCode).toBe(1);
  });

  it('refuses what is wrong, and tells its version', async () => {
    const wrong = await netmachinery(['ping', '-n', namespace, podOf(launcher)], { launcher });
    expect(wrong).toMatchObject({ exitCode: 2, stdout: '' });
    expect(wrong.stderr).toMatch(/^error: /);
    const version = await netmachinery(['version', '--client'], { launcher });
    expect(version).toMatchObject({ exitCode: 0, stderr: '' });
    expect(version.stdout).toMatch(/^Client Version: v\d+\.\d+\.\d+\nImage: \S+\n$/);
  });
});

describe.concurrent('the launcher', () => {
  it('is found through a symbolic link', async () => {
    const link = join(folder, 'kubectl-netmachinery');
    await symlink(launchers.launcher[0], link);
    const { exitCode, output } = await shell('"$@"', [link, 'version', '--client']);
    expect(output).toMatch(/^Client Version: v/);
    expect(exitCode).toBe(0);
  });

  it('of npm is a link to the first file of the bundle', async () => {
    const link = join(folder, 'of-npm');
    await symlink(launchers.node[1], link);
    const { exitCode, output } = await shell('"$@"', [link, 'version', '--client']);
    expect(output).toMatch(/^Client Version: v/);
    expect(exitCode).toBe(0);
  });

  it('of Node.js ends remote commands when it is stopped', async () => {
    const args = ['ping', '-n', namespace, 'stopped', 'server', '--count', '1000', '--interval', '50ms'];
    const working = async () => (await processesOnce(namespace, 'stopped', 'working')).length > idleProcesses.length;
    const { exitCode, msSinceSignal } = await runUntil(args, working, 'SIGINT', { launcher: 'node' });
    expect(exitCode).toBe(130);
    expect(msSinceSignal).toBeLessThan(2500);
    expect(await processesOnce(namespace, 'stopped', 'idle')).toEqual(idleProcesses);
  });
});

it.each(['executable', 'node'] as const)('%s tells versions in less memory than kubectl takes', async (launcher) => {
  const { signal } = new AbortController();
  for (const words of [['version', '--client'], ['version']]) {
    const { peakMb } = await timed(plugin(launcher, words), { signal, watchMemory: true });
    expect(peakMb).toBeGreaterThan(10);
    expect(peakMb).toBeLessThan(75);
  }
});

describe.concurrent.each(['executable', 'node'] as const)('the output of %s', (launcher) => {
  const flags = (format: string) => ['ping', '-n', namespace, podOf(launcher), 'server', ...quick, '-o', format];

  it('may be read no further than its head', async () => {
    const script = '"$@" | head -1; echo "${PIPESTATUS[0]}"';
    const { output } = await shell(script, [...launchers[launcher], ...flags('json')]);
    expect(output.replace(/^Note: .*\n/, '')).toBe('{\n0\n');
  });

  it('may have nobody who reads its notes', async () => {
    const script = '"$@" -v 6 2> >(true); echo "$?"';
    const { output } = await shell(script, [...launchers[launcher], ...flags('name')]);
    expect(output).toBe(`pod/${podOf(launcher)}\n0\n`);
  });
});

// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileExists } from '../../cluster/file-exists.js';
import { testHome } from '../../cluster/paths.js';
import { runCommand } from '../../cluster/run-command.js';

/** Debian's package, unpacked and not installed: an installed one starts a service. */
const folder = join(testHome(), 'prometheus');
const program = (name: 'prometheus' | 'promtool') => join(folder, 'usr/bin', name);

/** Downloads Prometheus once, into the test cache. */
export async function ensurePrometheus(): Promise<void> {
  if (await fileExists(program('prometheus'))) return;
  await mkdir(testHome(), { recursive: true });
  const work = await mkdtemp(join(testHome(), 'prometheus-'));
  try {
    // Another run may do the same; a download by root into a folder of root needs no sandbox user.
    await runCommand('apt-get', ['update', '-qq', '-o', 'DPkg::Lock::Timeout=300']);
    await runCommand('apt-get', ['download', '-qq', '-o', 'APT::Sandbox::User=root', 'prometheus'], { cwd: work });
    const file = (await readdir(work)).find((name) => name.endsWith('.deb')) ?? '';
    await runCommand('dpkg', ['-x', join(work, file), join(work, 'root')]);
    await rename(join(work, 'root'), folder).catch(async (thrown: unknown) => {
      if (!(await fileExists(program('prometheus')))) throw thrown;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Runs promtool, which says on stderr what it complains about. */
export function promtool(args: readonly string[], stdin = ''): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program('promtool'), args, { stdio: 'pipe' });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
    child.stdin.end(stdin);
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export interface RunningPrometheus {
  /** What the HTTP API answers for an instant query. Throws with its words where it does not understand it. */
  query(expression: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]>;
  stop(): Promise<void>;
}

/** Starts Prometheus on a port of the loopback interface with a configuration (JSON is YAML). */
export async function startPrometheus(configuration: object): Promise<RunningPrometheus> {
  const work = await mkdtemp(join(tmpdir(), 'prometheus-'));
  const port = await freePort();
  await writeFile(join(work, 'prometheus.yml'), JSON.stringify(configuration));
  const child = spawn(
    program('prometheus'),
    [
      `--config.file=${join(work, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(work, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const isReady = () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  for (const untilMs = Date.now() + 30_000; !(await isReady());) {
    if (Date.now() > untilMs || child.exitCode !== null) throw new Error(`Prometheus does not start:\n${log}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    query: async (expression) => {
      const response = await fetch(`${url}/api/v1/query`, {
        method: 'POST',
        body: new URLSearchParams({ query: expression }),
      });
      const { status, error, data } = (await response.json()) as {
        status: string;
        error?: string;
        data?: { result: { metric: Record<string, string>; value: [number, string] }[] };
      };
      if (status !== 'success') throw new Error(`${expression}: ${error ?? ''}`);
      return data?.result ?? [];
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      await rm(work, { recursive: true, force: true });
    },
  };
}

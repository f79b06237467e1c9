// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchers, netmachinery } from './cli.js';
import { createNamespace, createReady, deleteNamespace, kubectl, podManifest } from './kubectl.js';
import { service } from './manifests.js';
import { outputOf } from './shells.js';

const bin = join(import.meta.dirname, '../../bin');
const path = process.env['PATH'] ?? '';
let namespace = '';
let folder = '';

beforeAll(async () => {
  [namespace, folder] = await Promise.all([
    createNamespace('completion'),
    mkdtemp(join(tmpdir(), 'netmachinery-completion-')),
  ]);
  const ports = [
    { name: 'http', port: 80 },
    { name: 'dns', port: 53, protocol: 'UDP' },
  ];
  await Promise.all([
    createReady(namespace, podManifest('web-0')),
    kubectl(['create', '-n', namespace, '-f', '-'], JSON.stringify(service('api', { ports }))),
  ]);
});
afterAll(() => Promise.all([deleteNamespace(namespace), rm(folder, { recursive: true })]));

/** What kubectl hands to a shell: the lines, the directive last. */
async function asked(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const environment = { ...process.env, PATH: bin + delimiter + path, XDG_CACHE_HOME: join(folder, 'caches'), ...env };
  const text = await outputOf(['kubectl', '__complete', 'netmachinery', ...words], environment);
  return text.split('\n').slice(0, -1);
}

/** What is answered, as soon as a busy machine finds it within the second that there is. */
const becomes = (words: readonly string[]) => expect.poll(() => asked(words), { timeout: 30_000 });

/** An environment with a cache of its own. */
const cacheless = async () => ({ XDG_CACHE_HOME: await mkdtemp(join(folder, 'cache-')) });

describe('kubectl netmachinery <TAB>', () => {
  it('knows commands, flags and their values', async () => {
    expect(await asked(['pin'])).toEqual(['ping\tSend ICMP echoes from pods', ':4']);
    expect(await asked(['ping', '--outp'])).toEqual([expect.stringMatching(/^--output\t/), ':4']);
    expect(await asked(['ping', '-o', 'j'])).toEqual(['json', 'junit', ':4']);
    expect(await asked(['ping', '--output=j'])).toEqual(['json', 'junit', ':4']);
    expect(await asked(['shape', 'deploy/web', '--delay', '1s', '--', 'ping', '--cou'])).toEqual([
      expect.stringMatching(/^--count\t/),
      ':4',
    ]);
    expect(await asked(['run', '-f', ''])).toEqual([':0']);
  });

  it('knows what is in the cluster', async () => {
    const pod = expect.stringMatching(/^web-0\tRunning, 1\/1 ready, \d+\w+$/) as string;
    await becomes(['ping', '-n', namespace, 'we']).toEqual([pod, ':4']);
    await becomes(['ping', `-n${namespace}`, 'pod', '']).toEqual([pod, ':4']);
    await becomes(['ping', `${namespace}/pod/we`]).toEqual([
      expect.stringMatching(new RegExp(`^${namespace}/pod/web-0\t`)),
      ':4',
    ]);
    await becomes(['ping', '-n', namespace.slice(0, -1)]).toEqual([`${namespace}\tActive, `, ':4'].map(begins));
    await becomes(['connect', '-n', namespace, 'web-0', 'svc/']).toEqual(['svc/api\tClusterIP ', ':6'].map(begins));
    await becomes(['connect', '-n', namespace, 'web-0', 'svc/api:']).toEqual([
      'svc/api:80\thttp, TCP',
      'svc/api:53\tdns, UDP',
      ':4',
    ]);
    await becomes(['connect', '-n', namespace, 'web-0', 'svc/api:80,d']).toEqual(['svc/api:80,dns\t53/UDP', ':4']);
    await becomes(['ping', '-n', namespace, 'web-0', 'svc/api', '-c', '']).toEqual(['main\t', ':4'].map(begins));
    await becomes(['ping', '--from-node', 'node1']).toEqual(['node1\tReady', ':4'].map(begins));
  });

  it('knows the kubeconfig without asking the cluster', async () => {
    const config = join(folder, 'kubeconfig');
    const clusters = [{ name: 'far', cluster: { server: 'https://user:secret@192.0.2.1' } }];
    const contexts = [{ name: 'prod', context: { cluster: 'far', user: 'me', namespace: 'shop' } }];
    const users = [{ name: 'me', user: { token: 'secret' } }];
    await writeFile(config, JSON.stringify({ 'current-context': 'prod', clusters, contexts, users }));
    const env = { KUBECONFIG: config };
    expect(await asked(['ping', '--context', ''], env)).toEqual(['prod\tcurrent; cluster far, namespace shop', ':4']);
    expect(await asked(['ping', '--user', ''], env)).toEqual(['me', ':4']);
    const [cluster] = await asked(['ping', '--kubeconfig', config, '--cluster', '']);
    expect(cluster).toMatch(/^far\thttps:/);
    expect(cluster).not.toContain('secret');
  });

  it.each(['executable', 'node'] as const)('is answered as well by %s', async (launcher) => {
    const words = ['__complete', 'ping', '-n', namespace, 'we'];
    const env = await cacheless();
    // A busy machine may take more than the second that there is.
    await expect
      .poll(() => netmachinery(words, { launcher, env }), { timeout: 30_000 })
      .toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringMatching(/^web-0\tRunning.*\n:4\n$/) as string });
  });
});

const begins = (text: string) => expect.stringContaining(text) as string;

describe('what was found', () => {
  it('is remembered in files of the user alone', async () => {
    const env = await cacheless();
    const words = ['__complete', 'ping', '-n', namespace, 'pod/'];
    await expect
      .poll(async () => (await netmachinery(words, { env })).stdout, { timeout: 30_000 })
      .toMatch(/^pod\/web-0\t/);
    const cache = join(env.XDG_CACHE_HOME, 'netmachinery/completion');
    const [name = '', ...others] = await readdir(cache);
    expect(others).toEqual([]);
    expect((await stat(cache)).mode & 0o777).toBe(0o700);
    expect((await stat(join(cache, name))).mode & 0o777).toBe(0o600);
    const kept = await readFile(join(cache, name), 'utf8');
    await writeFile(join(cache, name), kept.replace('web-0', 'kept-0'));
    expect((await netmachinery(words, { env })).stdout).toMatch(/^pod\/kept-0\t/);
    // Another user is another question.
    const as = ['--as', 'system:anonymous', 'pod/'];
    expect((await netmachinery([...words.slice(0, -1), ...as], { env })).stdout).toBe(':4\n');
  });

  it('is not kept where secrets stand in the line, and needs no home', async () => {
    const env = await cacheless();
    await netmachinery(['__complete', 'ping', '--token', 'secret', ''], { env });
    expect(await readdir(env.XDG_CACHE_HOME)).toEqual([]);
    const homeless = { XDG_CACHE_HOME: undefined, HOME: '/dev/null' };
    const words = ['__complete', 'ping', '-n', namespace, 'we'];
    await expect
      .poll(() => netmachinery(words, { env: homeless }), { timeout: 30_000 })
      .toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringMatching(/^web-0\t/) as string });
  });
});

describe('where there is no answer', () => {
  let mute: Server;
  let server = '';
  beforeAll(async () => {
    mute = createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    server = `https://127.0.0.1:${(mute.address() as AddressInfo).port}`;
  });
  afterAll(() => void mute.close());

  it.each(['executable', 'node'] as const)('%s says what it knows, and nothing else', async (launcher) => {
    const cases = [
      ['-s', server],
      ['-s', 'https://127.0.0.1:1'],
      ['--kubeconfig', join(folder, 'absent')],
      ['--as', 'system:anonymous'],
    ];
    for (const flags of cases) {
      const result = await netmachinery(['__complete', 'ping', ...flags, 'p'], { launcher, env: await cacheless() });
      const { exitCode, stdout, stderr } = result;
      expect({ exitCode, stdout, stderr }, flags.join(' ')).toEqual({
        exitCode: 0,
        stdout: 'pod/\tnames of pods\n:6\n',
        stderr: '',
      });
    }
  });

  it('a credential plugin that does not end is ended, with what it started, and has no terminal', async () => {
    const plugin = join(folder, 'plugin');
    const pids = join(folder, 'pids');
    const tty = join(folder, 'tty');
    await writeFile(
      plugin,
      `#!/bin/sh\necho noise >&2\ntrap '' TERM INT HUP\n(: </dev/tty) 2>/dev/null && echo terminal >${tty}\nsleep 600 &\necho $$ $! >${pids}\nwait\n`,
    );
    await chmod(plugin, 0o755);
    const config = join(folder, 'plugin-kubeconfig');
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'IfAvailable' };
    const clusters = [{ name: 'c', cluster: { server } }];
    const contexts = [{ name: 'c', context: { cluster: 'c', user: 'u' } }];
    await writeFile(
      config,
      JSON.stringify({ 'current-context': 'c', clusters, contexts, users: [{ name: 'u', user: { exec } }] }),
    );
    // On a terminal, as at a prompt.
    const program = `${launchers.executable[0]} __complete ping --kubeconfig ${config} pod/`;
    const shown = await outputOf(['script', '-qec', program, '/dev/null'], process.env);
    expect(shown.trim()).toBe(':4');
    await expect(readFile(tty, 'utf8')).rejects.toThrow('ENOENT');
    for (const pid of (await readFile(pids, 'utf8')).trim().split(' ')) {
      await expect(ended(Number(pid)), pid).resolves.toBe(true);
    }
  });
});

/** Whether a process is gone, or is a zombie, within a few seconds. */
async function ended(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 50; tries += 1) {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone Z');
    if (/ Z/.test(status)) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

describe('completion install', () => {
  it('lets kubectl complete, until it is uninstalled', async () => {
    const own = await mkdtemp(join(folder, 'bin-'));
    // As krew does it: one link to the plugin, in a folder of PATH.
    await outputOf(['ln', '-s', launchers.executable[0], join(own, 'kubectl-netmachinery')], process.env);
    const env = { PATH: own + delimiter + path };
    const helper = join(own, 'kubectl_complete-netmachinery');
    expect(await asked(['pin'], env)).toEqual([expect.stringMatching(/^:/)]);
    const installed = await netmachinery(['completion', 'install'], { env });
    expect(installed).toMatchObject({ exitCode: 0, stdout: `${helper} installed\n` });
    expect(installed.stderr).toMatch(/^Note: kubectl's own completion has to be on/);
    expect(await asked(['pin'], env)).toEqual(['ping\tSend ICMP echoes from pods', ':4']);
    expect((await netmachinery(['completion', 'install'], { env })).stdout).toBe(`${helper} unchanged\n`);
    const removed = await netmachinery(['completion', 'uninstall'], { env });
    expect(removed).toMatchObject({ exitCode: 0, stdout: `${helper} removed\n`, stderr: '' });
    expect((await netmachinery(['completion', 'uninstall'], { env })).exitCode).toBe(0);
    await writeFile(helper, 'mine');
    const refused = await netmachinery(['completion', 'install'], { env });
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toBe(`error: ${helper} is not ours\nhint: --force overwrites it\n`);
  });

  it('says where it may not write', async () => {
    // /proc is where even root may not.
    const env = { PATH: `/proc/self${delimiter}${path}` };
    const result = await netmachinery(['completion', 'install', '--dir', '/proc/self'], { env });
    expect(result).toMatchObject({ exitCode: 3, stdout: '' });
    expect(result.stderr).toMatch(/^error: cannot write \/proc\/.*\nhint: name another folder of PATH by --dir\n$/);
  });
});

it('the helper says nothing but the answer where there is no plugin', async () => {
  const alone = await mkdtemp(join(folder, 'alone-'));
  await outputOf(['cp', join(bin, 'kubectl_complete-netmachinery'), alone], process.env);
  const child = spawn(join(alone, 'kubectl_complete-netmachinery'), ['pin'], { env: { PATH: '/usr/bin:/bin' } });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
  expect(output).toBe(':4\n');
});

// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchers, netmachinery, type CliResult, type Launcher } from './cli.js';
import { createNamespace, createReady, deleteNamespace, getPod, podManifest } from './kubectl.js';

let folder = '';
let pod = '';
let namespace = '';
const path = () => join(folder, 'netmachinery/config.yaml');
const settings = (text: string) => writeFile(path(), text);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netmachinery-config-'));
  await mkdir(join(folder, 'netmachinery'));
  pod = join(folder, 'pod.yaml');
  await writeFile(pod, JSON.stringify(podManifest('web')));
  namespace = await createNamespace('config');
  await createReady(namespace, podManifest('source'), podManifest('server'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await deleteNamespace(namespace);
});

type Environment = Record<string, string | undefined>;

const own = (env: Environment): Environment => ({
  XDG_CONFIG_HOME: folder,
  NETMACHINERY_AGENT_IMAGE: undefined,
  NETMACHINERY_IMAGE: undefined,
  ...env,
});

function inject(launcher: Launcher, env: Environment = {}, ...flags: string[]): Promise<CliResult> {
  return netmachinery(['inject', '-f', pod, '--native-sidecar', 'true', ...flags], { launcher, env: own(env) });
}

describe.each(Object.keys(launchers).filter((name) => name === 'executable' || name === 'node') as Launcher[])(
  'settings, by %s',
  (launcher) => {
    const run = (args: string[], env: Environment = {}) => netmachinery(args, { launcher, env: own(env) });
    const imageOf = async (args: string[], env: Environment = {}) => {
      const { stdout, stderr } = await run(['version', '--client', ...args], env);
      return /Image: (.*)/.exec(stdout)?.[1] ?? stderr;
    };

    it('name the images; the environment goes before them, and a flag before both', async () => {
      await settings('agentImage: of.file/agent:1\nimage: of.file/tools:1\n');
      expect((await inject(launcher)).stdout).toContain('of.file/agent:1');
      const env = { NETMACHINERY_AGENT_IMAGE: 'of.environment/agent:1' };
      expect((await inject(launcher, env)).stdout).toContain('of.environment/agent:1');
      expect((await inject(launcher, env, '--agent-image', 'of.flag/agent:1')).stdout).toContain('of.flag/agent:1');
      const image = { NETMACHINERY_IMAGE: 'of.environment/tools:1' };
      expect(await imageOf([])).toBe('of.file/tools:1');
      expect(await imageOf([], image)).toBe('of.environment/tools:1');
      expect(await imageOf(['--image', 'of.flag/tools:1'], image)).toBe('of.flag/tools:1');
      expect(await imageOf([], { NETMACHINERY_CONFIG: '/dev/null' })).toMatch(/netshoot/);
    });

    it('that make no sense are told, with file and key or the variable', async () => {
      await settings('# of the mirror\nagentImages: a:1\n');
      const { exitCode, stdout, stderr } = await inject(launcher);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toContain(`error: ${path()}:2: unknown key "agentImages"\nhint: did you mean agentImage?`);
      expect(await imageOf([])).toContain(`${path()}:2: unknown key`);
      expect((await run(['config', 'view'])).stderr).toContain(`${path()}:2: unknown key`);
      const none = { NETMACHINERY_CONFIG: join(folder, 'none.yaml') };
      expect(await imageOf([], none)).toContain('none.yaml cannot be read: there is no such file');
      const wrong = { NETMACHINERY_IMAGE: 'a b', NETMACHINERY_CONFIG: '/dev/null' };
      expect(await imageOf([], wrong)).toContain('error: invalid value "a b" for NETMACHINERY_IMAGE');
      const late = { NETMACHINERY_COLOR: 'red', NETMACHINERY_CONFIG: '/dev/null' };
      const ping = await run(['ping', 'a', 'b'], late);
      expect(ping.exitCode).toBe(2);
      expect(ping.stderr).toBe(
        'error: invalid value "red" for NETMACHINERY_COLOR: must be one of auto, always, never\n',
      );
    });

    it('are shown with their places', async () => {
      await settings('# ours\nidle: 30m\ntoolTimeout: 2m\nreason: ticket 7\n');
      const env = { NETMACHINERY_TOOL_TIMEOUT: '90', NETMACHINERY_COLOUR: 'never' };
      const { exitCode, stdout, stderr } = await run(['config', 'view'], env);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^SETTING +VALUE +FROM\nimage +docker\.io\/nicolaka\/netshoot:\S+ +default\n/);
      expect(stdout).toMatch(/\ntoolTimeout +90s +environment NETMACHINERY_TOOL_TIMEOUT\n/);
      expect(stdout).toContain(`   30m `);
      expect(stdout).toMatch(new RegExp(`\\nreason +ticket 7 +file ${path()}:4\\n`));
      expect(stdout).toContain(`\nfile: ${path()}\n`);
      expect(stderr).toBe(
        'Warning: NETMACHINERY_COLOUR is not a variable of kubectl netmachinery; did you mean NETMACHINERY_COLOR?\n',
      );
      const bare = await run(['config', 'view', '--no-headers'], { XDG_CONFIG_HOME: join(folder, 'none') });
      expect(bare.stdout.split('\n')[0]).toMatch(/^image .* default$/);
      expect(bare.stdout).not.toContain('file');
      const json = JSON.parse((await run(['config', 'view', '-o', 'json'])).stdout) as { settings: { name: string }[] };
      expect(json).toMatchObject({ file: { path: path(), isThere: true } });
      expect(json.settings.find(({ name }) => name === 'idle')).toEqual({
        name: 'idle',
        value: '30m',
        from: 'file',
        line: 2,
        flag: '--idle',
        variable: 'NETMACHINERY_IDLE',
      });
    });
  },
);

describe('a duration', () => {
  const ping = async (env: Environment, ...flags: string[]) => {
    const args = ['ping', '-n', namespace, 'pod/source', 'pod/server', '--count', '1', ...flags];
    const toolbox = { NETMACHINERY_IMAGE: process.env['NETMACHINERY_IMAGE'] };
    return netmachinery(args, { env: own({ ...toolbox, ...env }) });
  };
  const containers = async () => (await getPod(namespace, 'source')).spec.ephemeralContainers ?? [];
  /** Seconds, by the tool container's own command. */
  const idleTimes = async () => (await containers()).map(({ command }) => command?.[4]).sort();

  it('of the file counts in the pod; the environment goes before it, a flag before both, and -c needs none', async () => {
    await settings('idle: 7m\nreason: of the file\n');
    expect((await ping({}, '-c', 'main')).stderr).not.toContain('cannot be heeded');
    expect((await ping({}, '-c', 'main', '--idle', '7m')).stderr).toContain('--idle cannot be heeded');
    expect(await idleTimes()).toEqual([]);
    expect((await ping({})).exitCode).toBe(0);
    expect((await ping({ NETMACHINERY_IDLE: '8m' })).exitCode).toBe(0);
    expect((await ping({ NETMACHINERY_IDLE: '8m' }, '--idle', '9m')).exitCode).toBe(0);
    expect(await idleTimes()).toEqual(['420', '480', '540']);
    for (const { env } of await containers()) {
      expect(env).toContainEqual({ name: 'NETMACHINERY_REASON', value: 'of the file' });
    }
  });
});

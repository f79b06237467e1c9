// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeKubeconfig } from './admin-kubeconfig.js';
import { launchers, netmachinery, report, type Launcher } from './cli.js';
import { createNamespace, createReady, deleteNamespace } from './kubectl.js';
import { serverPod } from './manifests.js';
import { expectNothingLeft } from './nothing-left.js';
import { shell } from './shell.js';

let namespace = '';
let folder = '';
let kubeconfig = '';
let words: string[] = [];
const builds = ['executable', 'node'] as const satisfies Launcher[];
/** A user id that no machine gives to anybody. */
const nobodysId = '54321';

beforeAll(async () => {
  [namespace, folder] = await Promise.all([createNamespace('environment'), mkdtemp(join(tmpdir(), 'netmachinery-'))]);
  await createReady(namespace, serverPod('server'), serverPod('source'));
  words = ['ping', '-n', namespace, 'source', 'server', '--count', '2', '--interval', '20ms'];
  // Other users read it, too.
  kubeconfig = await writeKubeconfig(join(folder, 'config'), {});
  await Promise.all([chmod(folder, 0o755), chmod(kubeconfig, 0o644)]);
  // The tool container is there from here on, so that stderr has nothing to say.
  await netmachinery(words);
});
afterAll(async () => {
  await expectNothingLeft(namespace, 'source');
  await Promise.all([deleteNamespace(namespace), rm(folder, { recursive: true })]);
});

const passes = { exitCode: 0, stderr: '', stdout: expect.stringContaining('1 test: 1 pass in') as string };
const emptyFolder = (prefix: string) => mkdtemp(join(folder, prefix));

describe.concurrent.each(builds)('%s needs nothing but a kubeconfig:', (launcher) => {
  it.each<[name: string, env: Record<string, string | undefined>]>([
    ['no HOME', { HOME: undefined }],
    ['an empty HOME', { HOME: '' }],
    ['a HOME that is not there', { HOME: '/nonexistent/home' }],
    ['a HOME that cannot be written', { HOME: '/proc' }],
    ['a TMPDIR that is not there', { TMPDIR: '/nonexistent/tmp' }],
    ['a TMPDIR that cannot be written', { TMPDIR: '/proc' }],
    ['no terminal type, no locale', { TERM: undefined, LANG: undefined, LC_ALL: undefined }],
  ])('%s', async (_name, env) => {
    expect(await netmachinery(words, { launcher, env })).toMatchObject(passes);
  });

  it('it writes nothing to HOME, to TMPDIR and to the folder that it is started in', async () => {
    const home = await emptyFolder('home-');
    const env = {
      HOME: home,
      TMPDIR: home,
      XDG_CACHE_HOME: undefined,
      XDG_CONFIG_HOME: undefined,
      XDG_DATA_HOME: undefined,
    };
    expect(await netmachinery(words, { launcher, env, cwd: home })).toMatchObject(passes);
    expect(await readdir(home)).toEqual([]);
  });

  it('a file system without room for temporary files', async () => {
    const inside =
      'mount -t tmpfs -o size=4k none "$1" && head -c 9999 /dev/zero >"$1/x"; TMPDIR=$1 HOME=$1; shift; "$@"';
    const full = await emptyFolder('full-');
    const own = ['unshare', '--mount', 'bash', '-c', inside, 'bash', full];
    const run = await shell('export TMPDIR HOME; "$@"', [...own, ...launchers[launcher], ...words]);
    expect(run.stderr).toMatch(/^head: .*No space left on device\n$/);
    expect(run.stdout).toContain('1 test: 1 pass in');
    expect(run.exitCode).toBe(0);
  });

  it('a user id that has no name, no home and no HOME', async (context) => {
    const as = ['setpriv', '--reuid', nobodysId, '--regid', nobodysId, '--clear-groups'];
    const readable = await shell('"$@" 2>/dev/null', [...as, ...launchers[launcher], 'version', '--client']);
    context.skip(readable.exitCode !== 0, 'other users cannot read this checkout');
    const env = ['env', '-u', 'HOME', '-u', 'SHELL', `KUBECONFIG=${kubeconfig}`];
    expect(await shell('cd /; "$@"', [...as, ...env, ...launchers[launcher], ...words])).toMatchObject(passes);
    const without = await shell('cd /; "$@"', [
      ...as,
      'env',
      ...['-u', 'HOME', '-u', 'SHELL', '-u', 'KUBECONFIG'],
      ...launchers[launcher],
      ...words,
    ]);
    expect(without.stderr).toMatch(/^error: The connection to the server localhost:8080 was refused/);
    expect(without.exitCode).toBe(3);
  });

  it('not what lies in the folder that it is started in, which is neither settings nor code of ours', async () => {
    const cwd = await emptyFolder('foreign-');
    const evil = 'require("node:fs").writeFileSync("executed", ""); throw new Error("executed");';
    await Promise.all([
      writeFile(join(cwd, '.env'), 'KUBECONFIG=/nonexistent/config\nHTTPS_PROXY=http://127.0.0.1:1\n'),
      writeFile(join(cwd, 'bunfig.toml'), 'preload = ["./evil.cjs"]\n'),
      writeFile(join(cwd, 'evil.cjs'), evil),
      writeFile(join(cwd, '.npmrc'), 'node-options=--require=./evil.cjs\n'),
      writeFile(join(cwd, 'package.json'), '{"name": "evil", "oclif": {"plugins": ["./evil.cjs"]}}'),
      writeFile(join(cwd, 'tsconfig.json'), '{"compilerOptions": {"paths": {"*": ["./evil.cjs"]}}}'),
    ]);
    expect(await netmachinery(words, { launcher, cwd })).toMatchObject(passes);
    expect(await readdir(cwd)).not.toContain('executed');
  });
});

describe.concurrent.each(builds)('%s, whatever became of its descriptors:', (launcher) => {
  const run = (redirection: string) => shell(`"$@" ${redirection}`, [...launchers[launcher], ...words]);

  it('stdin is closed', async () => expect(await run('<&-')).toMatchObject(passes));
  it('stdin is a folder', async () => expect(await run('</')).toMatchObject(passes));
  it('stdout is closed', async () => expect(await run('>&-')).toMatchObject({ exitCode: 0, stdout: '', stderr: '' }));
  it('stderr is closed', async () => expect(await run('2>&-')).toMatchObject(passes));
  it('stderr is full', async () => expect(await run('-v 6 2>/dev/full')).toMatchObject(passes));

  it('stdout is full, which is an error', async () => {
    const { exitCode, stderr } = await run('>/dev/full');
    expect(stderr).toMatch(/^error: writing the output: ENOSPC: .*\n$/);
    expect(exitCode).toBe(3);
  });

  it('all are closed', async () => expect((await run('<&- >&- 2>&-')).exitCode).toBe(0));
});

describe.concurrent('the folder that it is started in is deleted', () => {
  const script = 'cd "$1" && rmdir "$1" && shift && "$@"';

  it.each(['node', 'launcher'] as const)('which is nothing to %s', async (launcher) => {
    const run = await shell(script, [await emptyFolder('gone-'), ...launchers[launcher], ...words]);
    expect(run).toMatchObject({ exitCode: 0, stdout: passes.stdout });
    // Node.js and the shell of the launcher may say so.
    expect(run.stderr).toMatch(/^(WARNING: current directory does not exist\n|\S+: .*getcwd.*\n)?$/);
  });

  it('which the runtime of the executable refuses in one line', async () => {
    const run = await shell(script, [await emptyFolder('gone-'), ...launchers.executable, ...words]);
    expect(run.stderr).toMatch(/^error: The current working directory was deleted.*\n$/);
    expect(run.stdout).toBe('');
    expect(run.exitCode).not.toBe(0);
  });
});

/** What libfaketime leaves in shared memory of processes that end without its destructor, as ours do. */
async function faketimeFiles(): Promise<string[]> {
  return (await readdir('/dev/shm')).filter((name) => /^(sem\.)?faketime_(shm|sem)_\d+$/.test(name));
}

let others: string[] = [];
beforeAll(async () => {
  others = await faketimeFiles();
});
afterAll(async () => {
  const ours = (await faketimeFiles()).filter((name) => !others.includes(name));
  await Promise.all(ours.map((name) => rm(join('/dev/shm', name), { force: true })));
});

describe.concurrent.each(builds)("%s, while this machine's clock jumps", (launcher) => {
  it.each(['+3600', '-3600'])('by %s seconds, measures what it would have measured', async (jump) => {
    const own = await emptyFolder('clock-');
    const offset = join(own, 'offset');
    await mkdir(own, { recursive: true });
    await writeFile(offset, '+0');
    const { stdout: library } = await shell('faketime -f +0 printenv LD_PRELOAD', []);
    const env = {
      LD_PRELOAD: library.trim(),
      FAKETIME_TIMESTAMP_FILE: offset,
      FAKETIME_NO_CACHE: '1',
      // A clock that is set leaves CLOCK_MONOTONIC alone (clock_settime(2)).
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
    const twenty = ['ping', '-n', namespace, 'source', 'server', '--count', '20', '--interval', '100ms'];
    const running = report(twenty, { launcher, env });
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await writeFile(offset, jump);
    const { exitCode, stderr, report: found } = await running;
    expect(found.results[0]).toMatchObject({ verdict: 'pass', sent: 20, received: 20, lossPercent: 0 });
    expect(found.results[0]?.rttMs?.max).toBeLessThan(1000);
    expect(found.durationMs).toBeGreaterThan(1900);
    expect(found.durationMs).toBeLessThan(60_000);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });
});

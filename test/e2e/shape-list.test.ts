// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectCluster } from '../../src/kube/connect.js';
import type { Cluster } from '../../src/kube/cluster.js';
import { ephemeralStatus } from '../../src/kube/container-state.js';
import type { ShapeList, ShapeListItem } from '../../src/model/shaping.js';
import { killContainer } from '../integration/shaping/places.js';
import { account, deleteClusterRoles, runAs } from './accounts.js';
import { launchers, netmachinery, onTerminal } from './cli.js';
import { createNamespace, createReady, deleteNamespace, getPod, podManifest } from './kubectl.js';
import { ownPods } from './own-pods.js';
import { killSandbox, podWhen, shapePod } from './shaped-pods.js';

let cluster: Cluster;
let namespace = '';
const pods = ['active', 'ends', 'killed', 'late', 'moved', 'plain', 'secret', 'watched', 'seen'];

beforeAll(async () => {
  cluster = await connectCluster({});
  namespace = await createNamespace('shape-list');
  // Labelled with the namespace too, since pods of other files have the same names.
  await createReady(namespace, ...pods.map((name) => podManifest(name, { labels: { app: name, namespace } })));
});
afterAll(async () => {
  await Promise.all([deleteNamespace(namespace), deleteClusterRoles(namespace)]);
  cluster.close();
});

async function list(...words: string[]): Promise<{ items: ShapeListItem[]; exitCode: number | null; stderr: string }> {
  const { stdout, stderr, exitCode } = await netmachinery(['shape', 'list', ...words, '-o', 'json']);
  try {
    return { items: (JSON.parse(stdout) as ShapeList).items, exitCode, stderr };
  } catch (cause) {
    throw new Error(`no list (exit code ${String(exitCode)}):\n${stdout}${stderr}`, { cause });
  }
}

async function containersOf(pod: string): Promise<number> {
  return (await getPod(namespace, pod)).spec.ephemeralContainers?.length ?? 0;
}

const only = (pod: string) => ['-n', namespace, '-l', `app=${pod}`];

describe.concurrent('shape list', () => {
  it('says what is active, how, by whom and until when, and adds nothing to pods', async () => {
    await ownPods(namespace, 'active');
    const { record } = await shapePod(cluster, namespace, 'active');
    const { items, exitCode, stderr } = await list(...only('active'));
    expect(items).toMatchObject([{ namespace, pod: 'active', node: 'node1', state: 'active', shape: record }]);
    expect(items[0]?.endsInSeconds).toBeGreaterThan(500);
    expect(items[0]).toMatchObject({ packets: expect.any(Number) as number, droppedPackets: 0 });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const table = await netmachinery(['shape', 'list', '-n', namespace, 'active']);
    expect(table.stdout).toMatch(
      /^POD +STATE +EFFECTS +SCOPE +DIRECTION +PACKETS +DROPPED +WHO +SINCE +ENDS IN\nactive +active +rate 1gbit +peer 198\.18\.102\.1 +egress /,
    );
    const names = await netmachinery(['shape', 'list', '-A', '-o', 'name', '-l', `app=active,namespace=${namespace}`]);
    expect(names).toMatchObject({ stdout: 'pod/active\n', exitCode: 0 });
    expect(await containersOf('active')).toBe(1);
  });

  it('does not list what has ended in order', async ({ expect }) => {
    await ownPods(namespace, 'ends');
    await shapePod(cluster, namespace, 'ends', { seconds: 2, annotated: true });
    await expect.poll(async () => (await list(...only('ends'))).items, { timeout: 20_000 }).toEqual([]);
    expect((await getPod(namespace, 'ends')).metadata.annotations).toHaveProperty(['netmachinery.io/shape']);
  });

  it('says that what should end it was killed, before and after its time', async ({ expect }) => {
    await ownPods(namespace, 'killed', 'late');
    for (const [name, seconds, state] of [
      ['killed', 600, 'tool container gone'],
      ['late', 5, 'expired'],
    ] as const) {
      const { record } = await shapePod(cluster, namespace, name, { seconds });
      await killContainer(await getPod(namespace, name), record.container);
      await podWhen(namespace, name, (pod) => ephemeralStatus(pod, record.container)?.state?.terminated !== undefined);
      await expect
        .poll(async () => (await list(...only(name))).items, { timeout: 20_000 })
        .toMatchObject([{ pod: name, state, shape: { token: record.token } }]);
      expect(await containersOf(name)).toBe(1);
    }
  });

  it('says that it is gone where the pod got another network', async ({ expect }) => {
    await ownPods(namespace, 'moved');
    const { record } = await shapePod(cluster, namespace, 'moved');
    await killContainer(await getPod(namespace, 'moved'), record.container);
    await podWhen(namespace, 'moved', (pod) => ephemeralStatus(pod, record.container)?.state?.terminated !== undefined);
    killSandbox(await getPod(namespace, 'moved'));
    await expect
      .poll(async () => (await list(...only('moved'))).items, { timeout: 60_000 })
      .toMatchObject([{ pod: 'moved', state: 'gone', endsInSeconds: 0 }]);
  });

  it('says only what is written to who may not execute in the pod', async () => {
    await ownPods(namespace, 'secret');
    const { record } = await shapePod(cluster, namespace, 'secret');
    const user = await account(namespace, 'reader', ['shape', '-n', namespace], { lacks: 'get pods/exec' });
    const { stdout, stderr, exitCode } = await runAs(user, ['shape', 'list', ...only('secret'), '-o', 'json']);
    const { items } = JSON.parse(stdout) as ShapeList;
    expect(items).toMatchObject([{ state: 'unknown', shape: { token: record.token } }]);
    expect(items[0]).not.toHaveProperty('packets');
    expect(stderr).toMatch(/pods\/exec|"pods" .*exec/);
    expect(exitCode).toBe(0);
  });

  it('is empty with a line on stderr and exit code 0 where there are none', async () => {
    const none = await netmachinery(['shape', 'list', ...only('plain')]);
    expect(none).toMatchObject({ stdout: '', exitCode: 0, stderr: `No shapes found in ${namespace} namespace.\n` });
    const everywhere = await netmachinery(['shape', 'list', '-A', '-l', 'app=no-such-app']);
    expect(everywhere).toMatchObject({ stdout: '', exitCode: 0, stderr: 'No shapes found.\n' });
    expect((await list(...only('plain'))).items).toEqual([]);
  });

  it.each([
    [['-n', 'no-such-namespace'], 2, /namespaces "no-such-namespace" not found/],
    [['no-such-pod'], 2, /no-such-pod/],
    [['-A', 'web'], 2, /across all namespaces/],
    [['-l', '=='], 2, /selector/],
    [['--watch', '-o', 'json'], 2, /--watch and -o json exclude each other/],
    [['--frob'], 2, /unknown flag: --frob/],
  ])('refuses %j', async (words, exitCode, message) => {
    const result = await netmachinery(['shape', 'list', ...words]);
    expect(result.stderr).toMatch(message);
    expect(result).toMatchObject({ exitCode, stdout: '' });
  });

  it('is found in words and in help', async () => {
    const help = await netmachinery(['shape', 'list', '--help']);
    expect(help.stdout).toContain('List the shapes of pods');
    // pflag: a flag counts as it was given last.
    const twice = await netmachinery(['shape', 'list', '-n', 'no-such-namespace', ...only('plain'), '--watch=false']);
    expect(twice).toMatchObject({ exitCode: 0, stderr: `No shapes found in ${namespace} namespace.\n` });
  });
});

describe.concurrent('shape list --watch', () => {
  it('prints a line for each change where nobody looks', async ({ expect }) => {
    await ownPods(namespace, 'watched');
    let shown = '';
    let stop = (): void => undefined;
    const watching = netmachinery(['shape', 'list', ...only('watched'), '--watch'], {
      onStart: (child) => {
        child.stdout?.on('data', (chunk: Buffer) => (shown += chunk.toString()));
        stop = () => void child.kill('SIGINT');
      },
    });
    const shows = (pattern: RegExp) => expect.poll(() => shown, { timeout: 60_000 }).toMatch(pattern);
    const { shaper, record } = await shapePod(cluster, namespace, 'watched');
    await shows(/^watched +active /m);
    await shaper.clear(record.token);
    await shows(/^watched +ended /m);
    stop();
    const { stdout, exitCode } = await watching;
    expect(stdout).toMatch(/^POD .*\nwatched +active .*\nwatched +ended .*\n$/);
    expect(exitCode).toBe(130);
  });

  it('redraws on a terminal', async () => {
    await ownPods(namespace, 'seen');
    await shapePod(cluster, namespace, 'seen');
    const words = [...launchers.executable, 'shape', 'list', ...only('seen'), '--watch'];
    const { screen } = await onTerminal(words, (text) => text.split('seen').length > 3, '\u0003');
    expect(screen).toMatch(/\u001b\[2A\r\u001b\[J/);
    expect(screen).toMatch(/seen +active/);
  });
});

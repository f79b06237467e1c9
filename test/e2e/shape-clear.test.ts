// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectCluster } from '../../src/kube/connect.js';
import type { Cluster } from '../../src/kube/cluster.js';
import { ephemeralStatus } from '../../src/kube/container-state.js';
import type { CleanupReport } from '../../src/model/cleanup.js';
import type { ClearItem, ClearReport, ShapeList } from '../../src/model/shaping.js';
import { clearShape } from '../../src/shaping/clear-shape.js';
import { mayAnnotate, removeShapeAnnotation, writeShapeAnnotation } from '../../src/shaping/shape-annotation.js';
import { adminExec, killContainer } from '../integration/shaping/places.js';
import { account, deleteClusterRoles, runAs } from './accounts.js';
import { netmachinery, type CliResult } from './cli.js';
import { createNamespace, createReady, deleteNamespace, getPod, kubectl, podManifest } from './kubectl.js';
import { ownPods } from './own-pods.js';
import { entryContext, podWhen, rootQdisc, shapePod } from './shaped-pods.js';

let cluster: Cluster;
let namespace = '';
let sweep = '';
let restricted = '';
const pods = [
  'active',
  'killed',
  'plain',
  'ended',
  'foreign',
  'keeper',
  'dry',
  'token',
  'cleaned',
  'stale',
  'annotated',
  'roles',
];

beforeAll(async () => {
  cluster = await connectCluster({});
  [namespace, sweep, restricted] = await Promise.all([
    createNamespace('shape-clear'),
    createNamespace('shape-sweep'),
    createNamespace('shape-tight'),
  ]);
  await Promise.all([
    createReady(namespace, ...pods.map((name) => podManifest(name))),
    createReady(sweep, ...['one', 'two', 'three'].map((name) => podManifest(name))),
    createReady(restricted, podManifest('killed')),
  ]);
});
afterAll(async () => {
  await Promise.all([...[namespace, sweep, restricted].map(deleteNamespace), deleteClusterRoles(namespace)]);
  cluster.close();
});

function itemsOf({ stdout, stderr, exitCode }: CliResult): {
  items: ClearItem[];
  exitCode: number | null;
  stderr: string;
} {
  try {
    return { items: (JSON.parse(stdout) as ClearReport).items, exitCode, stderr };
  } catch (cause) {
    throw new Error(`no report (exit code ${String(exitCode)}):\n${stdout}${stderr}`, { cause });
  }
}

const clear = async (...words: string[]) => itemsOf(await netmachinery(['shape', 'clear', ...words, '-o', 'json']));

async function shapesOf(pod: string, where = namespace) {
  const { stdout } = await netmachinery(['shape', 'list', '-n', where, pod, '-o', 'json']);
  return (JSON.parse(stdout) as ShapeList).items;
}

async function containersOf(pod: string, where = namespace): Promise<string[]> {
  return ((await getPod(where, pod)).spec.ephemeralContainers ?? []).map(({ name }) => name);
}

async function killHolder(pod: string, container: string, where = namespace): Promise<void> {
  await killContainer(await getPod(where, pod), container);
  await podWhen(where, pod, (seen) => ephemeralStatus(seen, container)?.state?.terminated !== undefined);
}

const annotationOf = async (pod: string) =>
  (await getPod(namespace, pod)).metadata.annotations?.['netmachinery.io/shape'];

describe.concurrent('shape clear', () => {
  it('ends a running shape through its own container, reads back, and removes the annotation', async () => {
    await ownPods(namespace, 'active');
    const { shaper } = await shapePod(cluster, namespace, 'active', { annotated: true, caller: 'joe' });
    expect(await rootQdisc(shaper)).toEqual(['htb 6e6d:']);
    const { items, exitCode } = await clear('-n', namespace, 'pod/active');
    expect(items).toMatchObject([{ pod: 'active', outcome: 'cleared', shape: { caller: 'joe' } }]);
    expect(items[0]?.message).toMatch(/^rate 1gbit, of joe; it had been applied to \d+ packets?$/);
    expect(exitCode).toBe(0);
    expect(await rootQdisc(shaper)).not.toContain('htb 6e6d:');
    expect(await annotationOf('active')).toBeUndefined();
    expect(await containersOf('active')).toHaveLength(1);
    const again = await clear('-n', namespace, 'active');
    expect(again).toMatchObject({ exitCode: 0, items: [{ pod: 'active', outcome: 'nothingToClear' }] });
  });

  it('heals with another container what was killed, once and for all', async () => {
    await ownPods(namespace, 'killed');
    const { record } = await shapePod(cluster, namespace, 'killed');
    await killHolder('killed', record.container);
    const rehearsed = await clear('-n', namespace, 'killed', '--dry-run=server');
    expect(rehearsed.items).toMatchObject([{ outcome: 'wouldClear' }]);
    expect(rehearsed.items[0]?.message).toContain('would get a tool container');
    const { items, exitCode } = itemsOf(await netmachinery(['heal', '-n', namespace, 'pod/killed', '-o', 'json']));
    expect(items).toMatchObject([{ outcome: 'cleared', shape: { token: record.token } }]);
    expect(exitCode).toBe(0);
    expect(await shapesOf('killed')).toEqual([]);
    const healer = 'netmachinery-admin-2';
    const ended = await podWhen(
      namespace,
      'killed',
      (pod) => ephemeralStatus(pod, healer)?.state?.terminated !== undefined,
    );
    expect(ephemeralStatus(ended, healer)?.state?.terminated).toMatchObject({
      exitCode: 0,
      message: JSON.stringify({ healed: [record.token] }),
    });
    // The first container's last message still says that rules were left.
    expect(await shapesOf('killed')).toEqual([]);
    expect((await clear('-n', namespace, 'killed')).items).toMatchObject([{ outcome: 'nothingToClear' }]);
    expect(await containersOf('killed')).toHaveLength(2);
  });

  it('clears where only the keeper was killed, in its container', async ({ expect }) => {
    await ownPods(namespace, 'keeper');
    const { record, shaper } = await shapePod(cluster, namespace, 'keeper');
    await kubectl([
      ...['exec', '-n', namespace, 'keeper', '-c', record.container, '--', 'sh', '-c'],
      'kill -9 $(cut -d" " -f1 /tmp/.netmachinery/shape-*/keeper)',
    ]);
    expect(await shapesOf('keeper')).toMatchObject([{ state: 'tool container gone', shape: { token: record.token } }]);
    expect((await clear('-n', namespace, 'keeper')).items).toMatchObject([{ outcome: 'cleared' }]);
    await expect.poll(() => shapesOf('keeper'), { timeout: 15_000 }).toEqual([]);
    await shaper.look().catch(() => undefined);
    expect(await containersOf('keeper')).toHaveLength(1);
  });

  it('enters no pod of which nothing is written, unless it is told to', async () => {
    await ownPods(namespace, 'plain');
    const { items, exitCode } = await clear('-n', namespace, 'plain');
    expect(items).toMatchObject([{ outcome: 'nothingToClear' }]);
    expect(exitCode).toBe(0);
    expect(await containersOf('plain')).toEqual([]);
    const forced = await clear('-n', namespace, 'plain', '--force');
    expect(forced).toMatchObject({ exitCode: 0, items: [{ outcome: 'nothingToClear' }] });
    expect(await containersOf('plain')).toHaveLength(1);
  });

  it('touches no qdisc that is not ours', async () => {
    await ownPods(namespace, 'foreign');
    await adminExec(
      cluster,
      await getPod(namespace, 'foreign'),
      'tc qdisc add dev eth0 root handle 77: pfifo limit 500',
    );
    expect((await clear('-n', namespace, 'foreign', '--force')).items).toMatchObject([{ outcome: 'nothingToClear' }]);
    const after = await adminExec(cluster, await getPod(namespace, 'foreign'), 'tc qdisc show dev eth0');
    expect(after).toContain('qdisc pfifo 77: root');
  });

  it('clears only the shape of a token, where one is given', async () => {
    await ownPods(namespace, 'token');
    const { record } = await shapePod(cluster, namespace, 'token');
    const pod = await getPod(namespace, 'token');
    const other = await clearShape(entryContext(cluster), pod, { token: 'another' });
    expect(other).toMatchObject({ outcome: 'nothingToClear', message: 'another shape has taken its place' });
    expect(await clearShape(entryContext(cluster), pod, { token: record.token })).toMatchObject({ outcome: 'cleared' });
    const earlier = { ...pod, metadata: { ...pod.metadata, uid: '5f0f5c0e-0000-4000-8000-000000000000' } };
    expect(await clearShape(entryContext(cluster), earlier)).toMatchObject({ outcome: 'gone' });
  });

  it('changes nothing in a dry run', async () => {
    await ownPods(namespace, 'dry');
    const { shaper } = await shapePod(cluster, namespace, 'dry', { annotated: true });
    for (const dryRun of ['client', 'server']) {
      const { items, exitCode } = await clear('-n', namespace, 'dry', `--dry-run=${dryRun}`);
      expect(items).toMatchObject([{ outcome: 'wouldClear' }]);
      expect(exitCode).toBe(0);
    }
    expect(await rootQdisc(shaper)).toEqual(['htb 6e6d:']);
    expect(await annotationOf('dry')).toBeDefined();
    expect(await containersOf('dry')).toHaveLength(1);
  });

  it('clears everything of a namespace that is named, and says when that is nothing', async () => {
    await ownPods(sweep, 'one', 'two');
    await Promise.all(['one', 'two'].map((name) => shapePod(cluster, sweep, name)));
    const table = await netmachinery(['shape', 'clear', '-n', sweep]);
    expect(table.stdout).toMatch(/^NAMESPACE +POD +DONE +WHAT\n\S+ +one +cleared .*\n\S+ +two +cleared .*\n$/);
    expect(table.exitCode).toBe(0);
    const none = await netmachinery(['shape', 'clear', '-n', sweep]);
    expect(none).toMatchObject({ exitCode: 0, stdout: '', stderr: `No shapes found in ${sweep} namespace.\n` });
  });

  it('fails in one pod and not in the others, and says what level of PodSecurity it needs', async () => {
    await kubectl(['label', 'namespace', restricted, 'pod-security.kubernetes.io/enforce-']);
    await ownPods(restricted, 'killed');
    const { record } = await shapePod(cluster, restricted, 'killed');
    await killHolder('killed', record.container, restricted);
    await kubectl(['label', 'namespace', restricted, 'pod-security.kubernetes.io/enforce=baseline']);
    const { items, exitCode, stderr } = await clear('-n', restricted, 'killed');
    expect(items).toMatchObject([{ outcome: 'failed', message: expect.stringContaining('NET_ADMIN') as string }]);
    expect(stderr).toMatch(/hint: .*level to privileged.*or replace the pod/);
    expect(stderr).not.toContain('--probe-pod');
    expect(exitCode).toBe(5);
    expect(await shapesOf('killed', restricted)).toMatchObject([{ state: 'tool container gone' }]);
  });

  it.each([
    [[], 2, /no pod, selector or namespace was specified/],
    [['-A', 'web'], 2, /across all namespaces/],
    [['-A', '--force'], 2, /have to be named/],
    [['no-such-pod'], 2, /no-such-pod/],
    [['-n', 'no-such-namespace'], 2, /namespaces "no-such-namespace" not found/],
  ])('refuses %j', async (words, exitCode, message) => {
    for (const verb of [['shape', 'clear'], ['heal']]) {
      const result = await netmachinery([...verb, ...words]);
      expect(result.stderr).toMatch(message);
      expect(result).toMatchObject({ exitCode, stdout: '' });
    }
  });
});

describe.concurrent('the annotation', () => {
  it('is written and removed, by its token, and never taken from another shape', async () => {
    await ownPods(namespace, 'annotated');
    const pod = await getPod(namespace, 'annotated');
    const { record } = await shapePod(cluster, namespace, 'annotated');
    expect(await mayAnnotate(cluster, namespace)).toBe(true);
    expect(await writeShapeAnnotation(cluster, pod, record)).toBe('written');
    const seen = await getPod(namespace, 'annotated');
    expect(await removeShapeAnnotation(cluster, seen, { token: 'another' })).toBe('none');
    await writeShapeAnnotation(cluster, pod, { ...record, token: 'later' });
    expect(await removeShapeAnnotation(cluster, seen, { token: record.token })).toBe('none');
    expect(await annotationOf('annotated')).toContain('later');
    expect(await removeShapeAnnotation(cluster, await getPod(namespace, 'annotated'))).toBe('removed');
    expect(await annotationOf('annotated')).toBeUndefined();
    const missing = { ...pod, metadata: { ...pod.metadata, name: 'no-such-pod' } };
    expect(await writeShapeAnnotation(cluster, missing, record)).toBe('gone');
  });
});

describe.concurrent('the Role of shape', () => {
  it('suffices to list and clear, and says what is missing', async () => {
    const words = ['shape', '-n', namespace];
    await ownPods(namespace, 'roles');
    await shapePod(cluster, namespace, 'roles', { annotated: true });
    const lacking = await account(namespace, 'no-exec', words, { lacks: 'get pods/exec' });
    const denied = await runAs(lacking, ['shape', 'clear', '-n', namespace, 'roles']);
    expect(denied.stdout).toMatch(/roles +failed .*exec/);
    expect(denied.stderr).toContain(`kubectl netmachinery rbac shape -n ${namespace}`);
    expect(denied.exitCode).toBe(3);
    const blind = await account(namespace, 'no-list', words, { lacks: 'list pods' });
    const unlisted = await runAs(blind, ['shape', 'list', '-n', namespace]);
    expect(unlisted.stderr).toContain(`rbac shape -n ${namespace}`);
    expect(unlisted.exitCode).toBe(3);
    const user = await account(namespace, 'all', words);
    const listed = await runAs(user, ['shape', 'list', '-n', namespace, '-l', 'app=roles']);
    expect(listed.stdout).toMatch(/roles +active/);
    const cleared = itemsOf(await runAs(user, ['heal', '-n', namespace, 'roles', '-o', 'json']));
    expect(cleared).toMatchObject({ exitCode: 0, items: [{ outcome: 'cleared' }] });
    // Without the permission that is only a hint.
    expect(cleared.items[0]?.message).toContain('its annotation stays');
  });
});

describe.concurrent('clean', () => {
  const clean = async (...words: string[]) => {
    const { stdout, exitCode } = await netmachinery(['clean', '-n', namespace, ...words, '-o', 'json']);
    return { items: (JSON.parse(stdout) as CleanupReport).items, exitCode };
  };

  it('spares a running shape, and clears it first with --force', async () => {
    await ownPods(namespace, 'cleaned');
    const { shaper } = await shapePod(cluster, namespace, 'cleaned', { annotated: true });
    const spared = await clean('cleaned');
    expect(spared.items).toMatchObject([{ outcome: 'busy', message: expect.stringContaining('rate 1gbit') as string }]);
    expect(await rootQdisc(shaper)).toEqual(['htb 6e6d:']);
    const forced = await clean('cleaned', '--force');
    expect(forced.items).toMatchObject([
      { kind: 'ShapeAnnotation', outcome: 'removed' },
      { kind: 'ToolContainer', outcome: 'ended', message: expect.stringContaining('its shape is cleared') as string },
    ]);
    expect(forced.exitCode).toBe(0);
    const after = await adminExec(cluster, await getPod(namespace, 'cleaned'), 'tc qdisc show');
    expect(after).not.toContain('6e6d:');
  });

  it('says where rules were left and how they are cleared, and removes stale annotations', async () => {
    await ownPods(namespace, 'stale');
    const { record } = await shapePod(cluster, namespace, 'stale', { annotated: true });
    await killHolder('stale', record.container);
    const left = await clean('stale');
    expect(left.items).toMatchObject([{ kind: 'ToolContainer', outcome: 'stays' }]);
    expect(left.items[0]?.message).toContain(`kubectl netmachinery shape clear -n ${namespace} pod/stale`);
    await clear('-n', namespace, 'stale');
    await writeShapeAnnotation(cluster, await getPod(namespace, 'stale'), record);
    const rehearsed = await clean('stale', '--dry-run=server');
    expect(rehearsed.items).toMatchObject([{ kind: 'ShapeAnnotation', outcome: 'wouldRemove' }, {}, {}]);
    const cleaned = await clean('stale');
    expect(cleaned.items).toMatchObject([{ kind: 'ShapeAnnotation', outcome: 'removed' }, {}, {}]);
    expect(await annotationOf('stale')).toBeUndefined();
  });
});

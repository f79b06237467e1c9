// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { endToolContainer } from '../../src/cleanup/end-container.js';
import { connectCluster } from '../../src/kube/connect.js';
import { leftoversOf } from '../../src/kube/tool-container-inventory.js';
import { idleCommand } from '../../src/kube/tool-container-script.js';
import type { CleanupItem, CleanupReport } from '../../src/model/cleanup.js';
import { ensureNode2, isNode2Wanted } from '../cluster/node2/recovery.js';
import { faultProxy } from '../integration/kube/fault-proxy.js';
import { account, deleteClusterRoles, runAs } from './accounts.js';
import { netmachinery, type CliOptions } from './cli.js';
import {
  createAnew,
  createNamespace,
  createReady,
  deleteNamespace,
  getPod,
  images,
  kubectl,
  podManifest,
  type PodOptions,
} from './kubectl.js';
import { ownPods } from './own-pods.js';

let namespace = '';
let other = '';
/** Two users who may do the same. */
let alice = '';
let bob = '';
const absent = 'docker.io/netmachinery-test/absent:8';
const pods = [
  'own',
  'foreign',
  'busy',
  'forced',
  'unpullable',
  'dry',
  'named-1',
  'named-2',
  'ended',
  'vanishes',
  'replaced',
];

function probePod(name: string, caller: string, other: PodOptions = {}): object {
  const labels = { 'netmachinery.io/probe-pod': 'true', probe: name, ...other.labels };
  const idle = { image: images.toolbox, command: idleCommand(3600) };
  const pod = podManifest(name, { ...idle, ...other, labels }) as { metadata: object };
  return { ...pod, metadata: { ...pod.metadata, annotations: { 'netmachinery.io/caller': caller } } };
}

beforeAll(async () => {
  [namespace, other] = await Promise.all([createNamespace('clean'), createNamespace('clean')]);
  const users = await Promise.all(
    ['alice', 'bob'].map(async (name) => {
      const user = await account(namespace, name, ['clean', '-A']);
      const binding = ['--serviceaccount', `${namespace}:${name}`, '--name', `${namespace}-${name}-ping`];
      const { stdout } = await netmachinery(['rbac', 'ping', '-A', ...binding]);
      await kubectl(['create', '-f', '-'], stdout);
      return user;
    }),
  );
  [alice = '', bob = ''] = users;
  const labels = (name: string) => (name.startsWith('named') ? { named: 'yes' } : { app: name });
  await Promise.all([
    createReady(
      namespace,
      ...pods.map((name) => podManifest(name, { labels: labels(name) })),
      probePod('probe-of-alice', alice),
      probePod('probe-of-bob', bob),
    ),
    createReady(other, podManifest('elsewhere')),
  ]);
});
afterAll(() => Promise.all([deleteNamespace(namespace), deleteNamespace(other), deleteClusterRoles(namespace)]));

const ping = (user: string, pod: string, ...more: string[]) =>
  runAs(user, ['ping', '-n', namespace, pod, '127.0.0.1', '--interval', '100ms', ...more]);

async function clean(
  user: string,
  words: readonly string[],
  options: CliOptions = {},
): Promise<{ exitCode: number | null; items: CleanupItem[]; report: CleanupReport; stderr: string }> {
  const { exitCode, stdout, stderr } = await netmachinery(['clean', ...words, '--as', user, '-o', 'json'], options);
  try {
    const report = JSON.parse(stdout) as CleanupReport;
    return { exitCode, items: report.items, report, stderr };
  } catch (cause) {
    throw new Error(`no report (exit code ${String(exitCode)}):\n${stdout}${stderr}`, { cause });
  }
}

/** Fails unless the first tool container of a pod is like this, once the kubelet has reported it: a busy one reports late. */
async function expectState(pod: string, state: 'running' | 'terminated', container = 'netmachinery-1'): Promise<void> {
  const reported = async () => {
    const { status } = await getPod(namespace, pod);
    const found = status?.ephemeralContainerStatuses?.find(({ name }) => name === container);
    expect(Object.keys(found?.state ?? {})).toEqual([state]);
  };
  await vi.waitFor(reported, { timeout: 20_000, interval: 300 });
}

describe.concurrent('clean', () => {
  it('ends the tool containers that this user had added, and says whose the others are', async () => {
    await ownPods(namespace, 'own', 'foreign');
    expect((await ping(alice, 'own', '--reason', 'ticket 7')).exitCode).toBe(0);
    expect((await ping(bob, 'foreign')).exitCode).toBe(0);
    const { exitCode, items, report } = await clean(alice, ['-n', namespace, '-l', 'app in (own, foreign)']);
    expect(items).toMatchObject([
      { pod: 'own', caller: alice, reason: 'ticket 7', outcome: 'ended' },
      { pod: 'foreign', caller: bob, outcome: 'others' },
    ]);
    expect(report).toMatchObject({ kind: 'CleanupReport', dryRun: 'none', caller: alice });
    expect(exitCode).toBe(0);
    await expectState('own', 'terminated');
    await expectState('foreign', 'running');
    const again = await clean(alice, ['-n', namespace, 'own']);
    expect(again.items).toMatchObject([{ pod: 'own', state: 'ended', outcome: 'stays' }]);
    expect(again.items[0]?.message).toContain('until the pod is replaced');
    expect(again.exitCode).toBe(0);
    const forced = await clean(alice, ['-n', namespace, 'foreign', '--force']);
    expect(forced.items).toMatchObject([{ pod: 'foreign', caller: bob, outcome: 'ended' }]);
    await expectState('foreign', 'terminated');
  });

  it('spares a tool container in which tests run, and ends it with --force', async () => {
    await ownPods(namespace, 'busy');
    const long = ping(alice, 'busy', '--count', '1000');
    await kubectl([
      ...['wait', '-n', namespace, 'pod/busy', '--timeout=40s'],
      '--for=jsonpath={.status.ephemeralContainerStatuses[0].state.running.startedAt}',
    ]);
    const spared = await clean(alice, ['-n', namespace, 'busy']);
    expect(spared.items).toMatchObject([{ pod: 'busy', outcome: 'busy' }]);
    expect(spared.exitCode).toBe(0);
    await expectState('busy', 'running');
    const forced = await clean(alice, ['-n', namespace, 'busy', '--force']);
    expect(forced.items).toMatchObject([{ pod: 'busy', outcome: 'ended' }]);
    await expectState('busy', 'terminated');
    expect((await long).exitCode).not.toBe(0);
  });

  it('says of one that never started that the kubelet keeps trying, and that nobody can end that', async () => {
    await ownPods(namespace, 'unpullable');
    await ping(alice, 'unpullable', '--image', absent);
    const { exitCode, items } = await clean(alice, ['-n', namespace, 'unpullable', '--force']);
    expect(items).toMatchObject([{ pod: 'unpullable', state: 'waiting', outcome: 'stays' }]);
    expect(items[0]?.message).toMatch(/has not started \((ErrImagePull|ImagePullBackOff)\)/);
    expect(exitCode).toBe(0);
  });

  it('changes nothing in a dry run, of which that on the server asks for the permission', async () => {
    await ownPods(namespace, 'dry');
    await ping(alice, 'dry');
    const client = await clean(alice, ['-n', namespace, 'dry', '--dry-run=client']);
    expect(client.items).toMatchObject([{ outcome: 'wouldEnd' }]);
    const server = await clean(alice, ['-n', namespace, 'dry', '--dry-run=server']);
    expect(server.items).toMatchObject([{ outcome: 'wouldEnd' }]);
    const lacks = { lacks: 'get pods/exec' };
    const reader = await account(namespace, 'reader', ['clean', '-n', namespace], lacks);
    const denied = await clean(reader, ['-n', namespace, 'dry', '--force', '--dry-run=server']);
    expect(denied.items).toMatchObject([{ outcome: 'failed' }]);
    expect(denied.exitCode).toBe(3);
    await expectState('dry', 'running');
  });

  it('removes probe pods of this user, and with --force those of others', async () => {
    await ownPods(namespace, 'probe-of-alice', 'probe-of-bob');
    const own = await clean(alice, ['-n', namespace, '-l', 'probe in (probe-of-alice, probe-of-bob)']);
    expect(own.items).toMatchObject([
      { kind: 'ProbePod', pod: 'probe-of-alice', outcome: 'removed' },
      { kind: 'ProbePod', pod: 'probe-of-bob', caller: bob, outcome: 'others' },
    ]);
    await kubectl(['wait', '-n', namespace, '--for=delete', 'pod/probe-of-alice', '--timeout=30s']);
    const tried = await clean(alice, ['-n', namespace, 'probe-of-bob', '--force', '--dry-run=server']);
    expect(tried.items).toMatchObject([{ outcome: 'wouldRemove' }]);
    const { items } = await clean(alice, ['-n', namespace, 'probe-of-bob', '--force']);
    expect(items).toMatchObject([{ pod: 'probe-of-bob', outcome: 'removed' }]);
    await kubectl(['wait', '-n', namespace, '--for=delete', 'pod/probe-of-bob', '--timeout=30s']);
  });

  it('leaves a probe pod alone that is just starting, and removes it with --force', async () => {
    const starting = probePod('starting', alice, { image: absent });
    await createAnew(namespace, starting);
    const spared = await clean(alice, ['-n', namespace, 'starting']);
    expect(spared.items).toMatchObject([{ pod: 'starting', state: 'waiting', outcome: 'busy' }]);
    const forced = await clean(alice, ['-n', namespace, 'starting', '--force']);
    expect(forced.items).toMatchObject([{ pod: 'starting', outcome: 'removed' }]);
  });

  it('finds probe pods with the labels of a workload, also those that have ended', async () => {
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'spread' },
      spec: {
        selector: { matchLabels: { app: 'spread' } },
        template: {
          metadata: { labels: { app: 'spread' } },
          spec: { containers: [{ name: 'main', image: images.web }] },
        },
      },
    };
    const ended = probePod('spread-ended', alice, {
      labels: { app: 'spread' },
      image: images.busybox,
      command: ['true'],
      spec: { restartPolicy: 'Never' },
    });
    await createReady(namespace, deployment);
    await createAnew(namespace, ended);
    await kubectl([
      ...['wait', '-n', namespace, 'pod/spread-ended', '--timeout=60s'],
      '--for=jsonpath={.status.phase}=Succeeded',
    ]);
    const { stdout } = await netmachinery(['clean', '-n', namespace, 'deploy/spread', '--force', '-o', 'json']);
    const { items } = JSON.parse(stdout) as CleanupReport;
    expect(items).toMatchObject([{ kind: 'ProbePod', pod: 'spread-ended', state: 'ended', outcome: 'removed' }]);
  });

  it('ends nothing in another pod of the same name', async () => {
    await ownPods(namespace, 'replaced');
    expect((await ping(alice, 'replaced')).exitCode).toBe(0);
    const cluster = await connectCluster({});
    try {
      const [leftover] = leftoversOf(await getPod(namespace, 'replaced'));
      if (leftover === undefined) throw new Error('there is no tool container');
      const earlier = { ...leftover, podUid: '5f0f5c0e-0000-4000-8000-000000000000' };
      const options = { force: true, signal: AbortSignal.timeout(30_000) };
      expect(await endToolContainer(cluster, earlier, options)).toBe('gone');
      await expectState('replaced', 'running');
    } finally {
      cluster.close();
    }
  });

  it('works on the pods that names and labels mean, and prints their names', async () => {
    await ownPods(namespace, 'named-1', 'named-2');
    await Promise.all([ping(alice, 'named-1'), ping(alice, 'named-2')]);
    const words = ['clean', '-n', namespace, '-o', 'name'];
    const one = await runAs(alice, [...words, 'pod/named-1']);
    expect(one).toMatchObject({ stdout: 'pod/named-1\n', exitCode: 0 });
    const rest = await runAs(alice, [...words, '-l', 'named=yes']);
    expect(rest).toMatchObject({ stdout: 'pod/named-2\n', exitCode: 0 });
    const table = await runAs(alice, ['clean', '-n', namespace, '-l', 'named=yes']);
    expect(table.stdout.split('\n')[0]).toMatch(/^NAMESPACE +POD +CONTAINER +CALLER +STATE +AGE +DONE +WHY$/);
    expect(table.stdout).toMatch(/named-1 +netmachinery-1 .* ended .* stays/);
  });

  it('goes on where a pod vanishes meanwhile', async () => {
    await ownPods(namespace, 'vanishes');
    await ping(alice, 'vanishes');
    const gone = ['delete', 'pod', '-n', namespace, 'vanishes', '--force', '--grace-period=0'];
    const proxy = await faultProxy(({ url = '' }) => {
      if (url.includes('/pods/vanishes/exec')) spawnSync('kubectl', gone);
      return 'pass';
    });
    try {
      const { exitCode, items } = await clean(alice, ['-n', namespace, 'vanishes', '--server', proxy.url]);
      expect(items).toMatchObject([{ pod: 'vanishes', outcome: 'gone' }]);
      expect(exitCode).toBe(0);
    } finally {
      await proxy.close();
    }
  });
});

describe('clean -A', () => {
  it("looks into every namespace, and touches only what is this user's", async () => {
    await ownPods(other, 'elsewhere');
    if (isNode2Wanted) {
      await ensureNode2();
      await createReady(other, podManifest('far', { node: 'node2' }));
    }
    const elsewhere = ['elsewhere', ...(isNode2Wanted ? ['far'] : [])];
    for (const pod of elsewhere)
      await runAs(bob, ['ping', '-n', other, pod, '127.0.0.1', '--tool-timeout', '3m', '--timeout', '4m']);
    const { exitCode, items } = await clean(bob, ['-A']);
    const done = items.filter(({ outcome }) => outcome === 'ended').map(({ pod }) => pod);
    expect(done.sort()).toEqual([...elsewhere].sort());
    expect(items.filter(({ caller }) => caller !== bob).every(({ outcome }) => outcome !== 'ended')).toBe(true);
    expect(exitCode).toBe(0);
  }, 900_000);
});

describe('clean refuses', () => {
  it.each([
    [['absent'], /pods "absent" not found/],
    [['deploy/absent'], /"absent" not found/],
    [['-l', 'a b'], /selector/],
    [['own', '-l', 'app=own'], /selector/],
  ])('%j', async (words, message) => {
    const { exitCode, stdout, stderr } = await netmachinery(['clean', '-n', namespace, ...words]);
    expect(stderr).toMatch(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  it('names in all namespaces', async () => {
    const { exitCode, stderr } = await netmachinery(['clean', '-A', 'own']);
    expect(stderr).toContain('a resource cannot be retrieved by name across all namespaces');
    expect(exitCode).toBe(2);
  });

  it('nothing where there is nothing', async () => {
    const { exitCode, stdout, stderr } = await netmachinery(['clean', '-n', 'kube-public']);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'Nothing to clean in namespace kube-public.\n',
    });
  });

  it('a namespace that does not exist: nothing there would look like success', async () => {
    const { exitCode, stderr } = await netmachinery(['clean', '-n', 'no-such-namespace']);
    expect(stderr).toContain('error: namespaces "no-such-namespace" not found');
    expect(exitCode).toBe(2);
  });
});

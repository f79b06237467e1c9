// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import { deleteClusterRoles } from '../../e2e/accounts.js';
import { createAnew, createNamespace, createReady, deleteNamespace, kubectl } from '../../e2e/kubectl.js';
import {
  allowPeerLists,
  controllerAccount,
  controllerIn,
  installDefinition,
  networkProber,
  once,
  peerList,
  proberPodManifest,
  setGate,
  type TestController,
} from './controller-world.js';

let admin: Cluster;
let home: string;
let shop: string;
let other: string;
let closed: string;
let controllers: TestController[] = [];
let user = '';
/** How many of them a test has stopped. */
let stopped = 0;

const leaders = () => controllers.filter(({ isLeader }) => isLeader);

/** The one that leads, once there is one; never are there two. */
const soleLeader = async () =>
  once(
    () => {
      const found = leaders();
      expect(found.length).toBeLessThanOrEqual(1);
      return Promise.resolve(found[0]);
    },
    (found) => found !== undefined,
  );

async function listed(namespace: string, name: string, keys: string[]): Promise<void> {
  await once(
    async () => (await peerList(admin, namespace, name))?.keys.join(),
    (found) => found === keys.join(),
  );
}

async function conditionOnce(name: string, type: string, reason: string): Promise<string> {
  const ask = async () =>
    (await networkProber(admin, shop, name)).status?.conditions?.find((each) => each.type === type);
  const found = await once(ask, (condition) => condition?.reason === reason);
  return `${found?.status}: ${found?.message}`;
}

async function createProber(name: string, spec: object = {}): Promise<void> {
  const object = {
    apiVersion: 'probes.bigmikes.io/v1alpha1',
    kind: 'NetworkProber',
    metadata: { name, namespace: shop },
    spec: {
      podSelector: { matchLabels: { rtt: 'on' } },
      httpPort: '9191',
      pollingPeriod: '5s',
      httpPrometheusPort: '9192',
      ...spec,
    },
  };
  await createAnew(shop, object);
}

beforeAll(async () => {
  admin = await connectCluster({});
  await installDefinition();
  [home, shop, other, closed] = await Promise.all([
    createNamespace('ctl-home'),
    createNamespace('ctl-shop'),
    createNamespace('ctl-other'),
    createNamespace('ctl-closed'),
  ]);
  user = await controllerAccount(home);
  await Promise.all([shop, other].map((namespace) => allowPeerLists(home, namespace)));
  controllers = await Promise.all(['one', 'two'].map((name) => controllerIn(home, user, name)));
});

afterAll(async () => {
  await Promise.all(controllers.map((controller) => controller.stop()));
  for (const { cluster } of controllers) cluster.close();
  await deleteClusterRoles(home);
  await Promise.all([home, shop, other, closed].map(deleteNamespace));
  admin.close();
});

describe('a plain mesh', () => {
  test('its lists follow pods as they come, become unready and go, in all namespaces that allow it', async () => {
    await Promise.all([
      createReady(shop, proberPodManifest('web', 'plain')),
      createReady(other, proberPodManifest('web', 'plain')),
      createReady(closed, proberPodManifest('far', 'plain')),
      createAnew(shop, proberPodManifest('gated', 'plain', true)),
    ]);
    const three = ['far', `${other}/web`, `${shop}/web`].sort();
    await listed(shop, 'plain', three);
    await listed(other, 'plain', three);
    await setGate(admin, shop, 'gated', 'True');
    await listed(other, 'plain', [...three, 'gated'].sort());
    await setGate(admin, shop, 'gated', 'False');
    await listed(other, 'plain', three);
    await kubectl(['delete', 'pod', '-n', other, 'web', '--wait=false']);
    await listed(shop, 'plain', ['far', 'web']);
    expect(await peerList(admin, closed, 'plain')).toBeUndefined();
    await kubectl(['delete', 'pod', '-n', closed, 'far', '--wait=false']);
    await listed(shop, 'plain', ['web']);
  });

  test('the namespace that forbids it is told of once, and written to as soon as it allows it', async () => {
    await createReady(closed, proberPodManifest('late', 'waiting'));
    await createReady(shop, proberPodManifest('early', 'waiting'));
    await listed(shop, 'waiting', ['early', 'late']);
    const told = () => leaders()[0]?.lines.filter((line) => line.startsWith(`namespace ${closed}: `)) ?? [];
    await once(
      () => Promise.resolve(told()),
      ({ length }) => length > 0,
    );
    expect(told()).toEqual([expect.stringContaining('cannot get resource "configmaps"')]);
    await allowPeerLists(home, closed);
    await listed(closed, 'waiting', ['early', 'late']);
  });

  test('keeps the period that the ConfigMap has, and leaves a static one alone', async () => {
    const configMap = (name: string, label: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, labels: { 'netmachinery.io/peer-list': label } },
      binaryData: { 'config.json': Buffer.from('{"endpointsMap":{},"pollingPeriod":250000000}').toString('base64') },
    });
    const items = [configMap('slow', 'controller'), configMap('fixed', 'static')];
    await kubectl(['apply', '-n', shop, '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await createReady(shop, proberPodManifest('a', 'fixed'), proberPodManifest('b', 'slow'));
    await listed(shop, 'slow', ['b']);
    expect((await peerList(admin, shop, 'slow'))?.periodMs).toBe(250);
    await once(
      () => Promise.resolve(leaders()[0]?.lines ?? []),
      (lines) => lines.includes(`ConfigMap ${shop}/fixed is left alone: it is labelled static`),
    );
    expect((await peerList(admin, shop, 'fixed'))?.keys).toEqual([]);
  });
});

describe('a NetworkProber', () => {
  test('has its list and status, and pods of other namespaces by their consent only', async () => {
    // Where this is tried again, the last try may have left them.
    await kubectl(['annotate', 'namespace', other, 'netmachinery.io/allow-prober-from-']);
    for (const [namespace, name] of [
      [shop, 'rtt-a'],
      [other, 'rtt-b'],
    ] as const) {
      await kubectl(['delete', 'pod', '-n', namespace, name, '--ignore-not-found', '--now']);
    }
    await createProber('rtt');
    await listed(shop, 'rtt', []);
    expect(await conditionOnce('rtt', 'Ready', 'NoPods')).toMatch(/^True: no pod has the prober yet/);
    await Promise.all([
      createReady(shop, proberPodManifest('rtt-a', `${shop}/rtt`)),
      createReady(other, proberPodManifest('rtt-b', `${shop}/rtt`)),
    ]);
    await listed(shop, 'rtt', ['rtt-a']);
    await listed(other, `${shop}.rtt`, []);
    await once(
      () => conditionOnce('rtt', 'Ready', 'Probing'),
      (found) => found === 'True: 1 of 1 pods are listed',
    );
    await kubectl(['annotate', 'namespace', other, `netmachinery.io/allow-prober-from=${shop}`]);
    await listed(shop, 'rtt', ['rtt-a', 'rtt-b']);
    await listed(other, `${shop}.rtt`, ['rtt-a', 'rtt-b']);
    expect((await peerList(admin, other, `${shop}.rtt`))?.periodMs).toBe(5000);
    const { status } = await once(
      () => networkProber(admin, shop, 'rtt'),
      (prober) => prober.status?.listedCount === 2,
    );
    expect(status).toMatchObject({ pods: [`${other}/rtt-b`, `${shop}/rtt-a`], podCount: 2, observedGeneration: 1 });
    expect(Date.parse(status?.lastChange ?? '')).toBeGreaterThan(Date.now() - 60_000);
    await kubectl([
      'patch',
      'networkprober',
      '-n',
      shop,
      'rtt',
      '--type=merge',
      '-p',
      '{"spec":{"pollingPeriod":"250ms"}}',
    ]);
    await once(
      () => peerList(admin, other, `${shop}.rtt`),
      (list) => list?.periodMs === 250,
    );
  });

  test('when it is deleted its lists are emptied, and deleted with the last pod', async () => {
    const isThere = await networkProber(admin, shop, 'rtt').then(
      () => true,
      () => false,
    );
    if (!isThere) {
      // This is tried again.
      await createProber('rtt');
      await createReady(shop, proberPodManifest('rtt-a', `${shop}/rtt`));
      await listed(shop, 'rtt', ['rtt-a', 'rtt-b']);
    }
    await kubectl(['delete', 'networkprober', '-n', shop, 'rtt']);
    await listed(shop, 'rtt', []);
    await listed(other, `${shop}.rtt`, []);
    await kubectl(['delete', 'pod', '-n', shop, 'rtt-a', '--wait=false']);
    await once(
      () => peerList(admin, shop, 'rtt'),
      (list) => list === undefined,
    );
    expect((await peerList(admin, other, `${shop}.rtt`))?.keys).toEqual([]);
  });

  test('says which image is not allowed, and what it cannot write', async () => {
    await createProber('foreign-image', { agentImage: 'registry.example/evil:1' });
    expect(await conditionOnce('foreign-image', 'ImageAllowed', 'ImageNotAllowed')).toMatch(
      /^False: no pod gets registry\.example\/evil:1/,
    );
    const taken = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'taken' }, data: { a: 'b' } };
    await kubectl(['apply', '-n', shop, '-f', '-'], JSON.stringify(taken));
    await createProber('taken');
    expect(await conditionOnce('taken', 'PeerListsWritten', 'NotOurs')).toBe(
      `False: ConfigMap ${shop}/taken is not of this controller: it is left alone`,
    );
  });

  test.each([
    [{ httpPort: '70000' }, 'spec.httpPort'],
    [{ httpPort: '9192' }, 'must differ'],
    [{ pollingPeriod: '10' }, 'spec.pollingPeriod'],
    [{ pollingPeriod: '1ms' }, 'must be from 10ms to 24h'],
    [{ podSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } }, 'need values'],
  ])('with %j is refused by its definition', async (spec, words) => {
    await expect(createProber('wrong', spec)).rejects.toThrow(words);
  });
});

describe('of two controllers', () => {
  test('one leads, and both are well', async () => {
    await soleLeader();
    for (const { healthPort, metricsPort, isLeader } of controllers) {
      expect((await fetch(`http://127.0.0.1:${healthPort}/healthz`)).status).toBe(200);
      const status = async () => (await fetch(`http://127.0.0.1:${healthPort}/readyz`)).status;
      await once(status, (found) => found === 200);
      const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      expect(text).toContain(`netmachinery_controller_leader ${isLeader ? 1 : 0}`);
    }
  });

  test('who finds that somebody else has the Lease stops, and leads again once it has run out', async () => {
    const spec = { holderIdentity: 'thief', leaseDurationSeconds: 2 };
    const path = `/apis/coordination.k8s.io/v1/namespaces/${home}/leases/netmachinery-prober-controller`;
    await admin.patch(path, 'merge', { spec });
    const count = (wanted: number) =>
      once(
        () => Promise.resolve(leaders().length),
        (found) => found === wanted,
      );
    await count(0);
    await count(1);
  });

  test('the other takes over from one that stops, and finds the lists of before', async () => {
    // Where this is tried again, only one is left.
    if (stopped > 0) controllers.push(await controllerIn(home, user, `next-${stopped}`));
    stopped += 1;
    const leader = await soleLeader();
    await leader?.stop();
    await once(
      () => Promise.resolve(leaders().length),
      (found) => found === 1,
    );
    expect(leaders()[0]).not.toBe(leader);
    await createReady(shop, proberPodManifest('after', 'plain'));
    await listed(shop, 'plain', ['after', 'web']);
    // Of the NetworkProber that the first saw being deleted.
    await kubectl(['delete', 'pod', '-n', other, 'rtt-b', '--wait=false', '--ignore-not-found']);
    await once(
      () => peerList(admin, other, `${shop}.rtt`),
      (list) => list === undefined,
    );
  });
});

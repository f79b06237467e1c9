// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextListText } from '../../../../src/agents/controller/peer-list-object.js';
import { peerLists, type PeerListsInput, type WantedList } from '../../../../src/agents/controller/peer-lists.js';
import type { ProberPod } from '../../../../src/agents/controller/prober-pod.js';
import { readPeerList } from '../../../../src/agents/prober/peer-list.js';

let lastIp = 0;

function pod(namespace: string, name: string, mesh: string, isListed = true): ProberPod {
  lastIp += 1;
  const endpoint = isListed ? { ip: `10.0.${lastIp >> 8}.${lastIp & 255}`, port: 19191 } : undefined;
  return { namespace, name, mesh, node: 'node1', endpoint };
}

function namespaces(names: string[], consent: Record<string, string> = {}): PeerListsInput['namespaces'] {
  return new Map(
    names.map((name) => {
      const allowed = consent[name];
      const annotations = allowed === undefined ? {} : { 'netmachinery.io/allow-prober-from': allowed };
      return [name, { metadata: { name, annotations } }];
    }),
  );
}

function probers(...meshes: string[]): PeerListsInput['probers'] {
  return new Map(
    meshes.map((mesh) => {
      const [namespace = '', name = ''] = mesh.split('/');
      return [mesh, { namespace, name, periodMs: 5000 }];
    }),
  );
}

/** `NAMESPACE/NAME` of each list: the keys of its endpoints, or `deleted`. */
function summary(input: Partial<PeerListsInput>): Record<string, string[] | 'deleted'> {
  const all = { pods: [], probers: new Map(), namespaces: namespaces(['shop', 'other', 'third']), existing: [] };
  const { lists } = peerLists({ ...all, ...input });
  const keys = (list: WantedList) =>
    list.action === 'delete' ? 'deleted' : Object.keys(JSON.parse(list.endpoints) as object);
  return Object.fromEntries([...lists].map(([key, list]) => [key, keys(list)]));
}

test('a plain mesh has the same members in all namespaces with pods of it', () => {
  const pods = [
    pod('shop', 'web', 'm'),
    pod('other', 'api', 'm'),
    pod('shop', 'db', 'n'),
    pod('third', 'late', 'm', false),
  ];
  expect(summary({ pods })).toEqual({
    'shop/m': ['api', 'web'],
    'other/m': ['api', 'web'],
    'third/m': ['api', 'web'],
    'shop/n': ['db'],
  });
});

test('an entry tells what the prober reads, and the port is that of the container', () => {
  const web: ProberPod = { ...pod('shop', 'web', 'm'), endpoint: { ip: '10.1.2.3', port: 9191 } };
  const { lists } = peerLists({ pods: [web], probers: new Map(), namespaces: namespaces(['shop']), existing: [] });
  expect(lists.get('shop/m')).toMatchObject({
    endpoints: '{"web":{"ip":"10.1.2.3","port":"9191","namespace":"shop","pod":"web","node":"node1"}}',
    periodNs: undefined,
  });
});

test('only names that collide get their namespace', () => {
  const pods = [pod('shop', 'web-0', 'm'), pod('other', 'web-0', 'm'), pod('other', 'web-1', 'm')];
  expect(summary({ pods })['shop/m']).toEqual(['other/web-0', 'shop/web-0', 'web-1']);
});

test('pods of other namespaces count only by their consent, and theirs are emptied without it', () => {
  const pods = [pod('shop', 'web', 'shop/rtt'), pod('other', 'api', 'shop/rtt'), pod('third', 'db', 'shop/rtt')];
  const open = namespaces(['shop', 'other', 'third'], { other: 'shop', third: 'somebody' });
  expect(summary({ pods, probers: probers('shop/rtt'), namespaces: open })).toEqual({
    'shop/rtt': ['api', 'web'],
    'other/shop.rtt': ['api', 'web'],
    'third/shop.rtt': [],
  });
  const { meshes } = peerLists({ pods, probers: probers('shop/rtt'), namespaces: open, existing: [] });
  expect(meshes.get('shop/rtt')).toEqual({ pods: ['shop/web', 'other/api'], listedCount: 2 });
});

test('the list of a NetworkProber is there before any pod, with its period', () => {
  const { lists } = peerLists({
    pods: [],
    probers: probers('shop/rtt'),
    namespaces: namespaces(['shop']),
    existing: [],
  });
  expect([...lists.values()]).toEqual([
    {
      ...{ namespace: 'shop', name: 'rtt', mesh: 'shop/rtt' },
      ...{ action: 'write', endpoints: '{}', periodNs: 5e9, isNeeded: true },
    },
  ]);
});

test('without its NetworkProber a list is emptied while pods have it, and then deleted', () => {
  const existing = [{ namespace: 'shop', name: 'rtt', mesh: 'shop/rtt' }];
  expect(summary({ pods: [pod('shop', 'web', 'shop/rtt')], existing })).toEqual({ 'shop/rtt': [] });
  expect(summary({ existing })).toEqual({ 'shop/rtt': 'deleted' });
});

test('the list of a plain mesh stays without pods, and with none in namespaces that are going', () => {
  const existing = [
    { namespace: 'shop', name: 'm', mesh: 'm' },
    { namespace: 'gone', name: 'm', mesh: 'm' },
  ];
  expect(summary({ existing, pods: [pod('other', 'web', 'm')] })).toEqual({ 'shop/m': ['web'], 'other/m': ['web'] });
  expect(summary({ existing })).toEqual({ 'shop/m': [] });
});

test('a list of a plain mesh is needed where pods of it are: uninject deletes it elsewhere', () => {
  const { lists } = peerLists({
    pods: [pod('shop', 'web', 'm')],
    probers: new Map(),
    namespaces: namespaces(['shop', 'other']),
    existing: ['shop', 'other'].map((namespace) => ({ namespace, name: 'm', mesh: 'm' })),
  });
  expect(lists.get('shop/m')).toMatchObject({ action: 'write', isNeeded: true });
  expect(lists.get('other/m')).toMatchObject({ action: 'write', isNeeded: false });
});

test('a NetworkProber has the ConfigMap that a plain mesh of its name would have', () => {
  const pods = [pod('shop', 'plain', 'rtt'), pod('shop', 'web', 'shop/rtt'), pod('other', 'far', 'rtt')];
  for (const order of [pods, pods.toReversed()]) {
    const input = {
      pods: order,
      probers: probers('shop/rtt'),
      namespaces: namespaces(['shop', 'other']),
      existing: [],
    };
    const { lists, clashes } = peerLists(input);
    expect(lists.get('shop/rtt')?.mesh).toBe('shop/rtt');
    expect(lists.get('other/rtt')?.mesh).toBe('rtt');
    expect(clashes).toEqual([{ namespace: 'shop', name: 'rtt', mesh: 'rtt' }]);
  }
});

test('a list that would not fit leaves out what its keys tell', () => {
  const pods = Array.from({ length: 9000 }, (_, index) => pod('shop', `web-7d4b9c8f6d-${index}`, 'm'));
  const { lists } = peerLists({ pods, probers: new Map(), namespaces: namespaces(['shop']), existing: [] });
  const list = lists.get('shop/m');
  const text = nextListText(list?.action === 'write' ? list.endpoints : '', undefined, undefined);
  const { members } = readPeerList(text, 'elsewhere');
  expect(members).toHaveLength(9000);
  expect(members[0]).toMatchObject({ namespace: 'shop', pod: members[0]?.key, node: 'node1' });
});

const anyPod = fc.record({
  namespace: fc.constantFrom('shop', 'other', 'third'),
  name: fc.constantFrom('a', 'b', 'c', 'd'),
  mesh: fc.constantFrom('m', 'n', 'shop/rtt', 'other/rtt', 'gone/rtt'),
  node: fc.constantFrom('', 'node1'),
  endpoint: fc.option(
    fc.record({ ip: fc.constantFrom('10.0.0.1', 'fd00::1'), port: fc.integer({ min: 1, max: 65_535 }) }),
    { nil: undefined },
  ),
});
const anyPods = fc.uniqueArray(anyPod, { selector: ({ namespace, name }) => `${namespace}/${name}` });

test('every list is one that a prober reads, with exactly the ready pods of its mesh', () => {
  fc.assert(
    fc.property(anyPods, fc.constantFrom('', 'shop', 'shop,other'), (pods, consent) => {
      const open = namespaces(['shop', 'other', 'third'], { third: consent, other: consent });
      const input = { pods, probers: probers('shop/rtt', 'other/rtt'), namespaces: open, existing: [] };
      for (const list of peerLists(input).lists.values()) {
        if (list.action === 'delete') continue;
        const text = nextListText(list.endpoints, list.periodNs, undefined);
        const read = readPeerList(text, list.namespace).members.map(
          ({ namespace, pod: name }) => `${namespace}/${name}`,
        );
        const [owner, isPlain] = [list.mesh.split('/')[0] ?? '', !list.mesh.includes('/')];
        const mayBe = (namespace: string) =>
          isPlain ||
          (owner !== 'gone' && (namespace === owner || (namespace !== 'shop' && consent.split(',').includes(owner))));
        const members = pods.filter(
          ({ mesh, endpoint, namespace }) => mesh === list.mesh && endpoint !== undefined && mayBe(namespace),
        );
        const expected = mayBe(list.namespace) ? members.map(({ namespace, name }) => `${namespace}/${name}`) : [];
        expect(read.sort()).toEqual(expected.sort());
      }
    }),
  );
});

test('the order of the pods changes nothing', () => {
  fc.assert(
    fc.property(anyPods, (pods) => {
      const input = { probers: probers('shop/rtt'), namespaces: namespaces(['shop', 'other', 'third']), existing: [] };
      const forward = peerLists({ ...input, pods }).lists;
      const backward = peerLists({ ...input, pods: pods.toReversed() }).lists;
      expect(Object.fromEntries(backward)).toEqual(Object.fromEntries(forward));
    }),
  );
});

// SPDX-License-Identifier: Apache-2.0
import { dump } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../../src/errors/failure.js';
import type { Cluster } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import type { Node } from '../../../src/kube/objects.js';
import { mergeForPods } from '../../../src/shaping/manifests/merge-for-pods.js';
import { readShapeManifests } from '../../../src/shaping/manifests/read-manifests.js';
import {
  resolveTargets,
  type ResolvedTarget,
  type ResolveOptions,
} from '../../../src/shaping/manifests/resolve-targets.js';
import { nodeAddresses } from '../../../src/shaping/node-addresses.js';
import { createNamespace, createReady, deleteNamespace, images, kubectl, podManifest } from '../../e2e/kubectl.js';

let cluster: Cluster;
let one: string;
let two: string;

beforeAll(async () => {
  cluster = await connectCluster({});
  [one, two] = await Promise.all([createNamespace('manifests'), createNamespace('manifests')]);
  await Promise.all([
    createReady(
      one,
      podManifest('crane-0', { labels: { app: 'crane', tier: 'front' } }),
      podManifest('crane-1', { labels: { app: 'crane', tier: 'back' } }),
    ),
    createReady(
      two,
      podManifest('crane-2', { labels: { app: 'crane' } }),
      podManifest('ferry-0', { labels: { app: 'ferry' } }),
    ),
  ]);
  await kubectl(['annotate', 'pod', '-n', one, 'crane-1', 'example.com/owner=quay']);
});

afterAll(async () => {
  await Promise.all([one, two].map(deleteNamespace));
  cluster.close();
});

async function resolve(manifest: object, options: ResolveOptions = {}): Promise<ResolvedTarget[]> {
  const { targets } = readShapeManifests([{ name: 'f.yaml', text: dump(manifest) }]);
  return resolveTargets(cluster, targets, options);
}

function chaos(spec: object): object {
  return {
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind: 'NetworkChaos',
    metadata: { name: 'x', namespace: one },
    spec: { action: 'loss', loss: { loss: '1' }, mode: 'all', ...spec },
  };
}

function shaper(...targets: object[]): object {
  return { apiVersion: 'networkmachinery.io/v1alpha1', kind: 'NetworkTrafficShaper', spec: { targets } };
}

function names(resolved: readonly ResolvedTarget[]): string[][] {
  return resolved.map(({ pods }) => pods.map(({ name }) => name));
}

async function refused(act: Promise<unknown>): Promise<Failure> {
  const thrown: unknown = await act.then(
    () => expect.unreachable('nothing was refused'),
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(Failure);
  return thrown as Failure;
}

describe('selectors of NetworkChaos', () => {
  test.each<[string, () => object, string[]]>([
    ['its own namespace', () => ({}), ['crane-0', 'crane-1']],
    [
      'several namespaces',
      () => ({ namespaces: [two, one], labelSelectors: { app: 'crane' } }),
      ['crane-0', 'crane-1', 'crane-2'],
    ],
    ['the same namespace twice', () => ({ namespaces: [two, two] }), ['crane-2', 'ferry-0']],
    [
      'expressions',
      () => ({ expressionSelectors: [{ key: 'tier', operator: 'NotIn', values: ['back'] }] }),
      ['crane-0'],
    ],
    ['annotations', () => ({ annotationSelectors: { 'example.com/owner': 'quay' } }), ['crane-1']],
    ['fields', () => ({ fieldSelectors: { 'metadata.name': 'crane-0' } }), ['crane-0']],
    ['phases', () => ({ podPhaseSelectors: ['Running'] }), ['crane-0', 'crane-1']],
    ['nodes', () => ({ nodes: ['node1'] }), ['crane-0', 'crane-1']],
    ['nodes by label', () => ({ nodeSelectors: { 'kubernetes.io/hostname': 'node1' } }), ['crane-0', 'crane-1']],
    ['pods', () => ({ pods: { [two]: ['ferry-0', 'ferry-0'], [one]: ['crane-1'] } }), ['crane-1', 'ferry-0']],
  ])('%s', async (_, selector, expected) => {
    const [found = []] = names(await resolve(chaos({ selector: selector() })));
    expect(found.toSorted()).toEqual(expected);
  });

  test.each<[string, () => object, string]>([
    ['no pods', () => ({ labelSelectors: { app: 'crane', tier: 'none' } }), 'no pods'],
    ['no pods anywhere', () => ({ namespaces: [one, two], labelSelectors: { app: 'none' } }), 'app=none'],
    ['no such pod', () => ({ pods: { [one]: ['crane-9'] } }), 'crane-9'],
    ['no such node', () => ({ nodes: ['node9'] }), 'node9'],
    ['the other node', () => ({ nodes: ['node2'] }), 'on node2'],
    ['another phase', () => ({ podPhaseSelectors: ['Pending'] }), 'Pending'],
  ])('%s', async (_, selector, text) => {
    const failure = await refused(resolve(chaos({ selector: selector() })));
    expect(failure.code).toBe('notFound');
    expect(`${failure.message} ${failure.hint ?? ''}`).toContain(text);
    expect(failure.message).toMatch(/^f\.yaml:\d+:\d+: /);
  });

  test('a field that the API server can not select by', async () => {
    const failure = await refused(resolve(chaos({ selector: { fieldSelectors: { 'spec.colour': 'red' } } })));
    expect(failure.code).toBe('usage');
    expect(failure.message).toContain('spec.colour');
  });
});

describe('how many', () => {
  const both = () => ({ selector: { namespaces: [one, two], labelSelectors: { app: 'crane' } } });

  test('shares and numbers', async () => {
    expect(names(await resolve(chaos({ ...both(), mode: 'fixed-percent', value: '67' })))[0]).toHaveLength(2);
    expect(names(await resolve(chaos({ ...both(), mode: 'one' })))[0]).toHaveLength(1);
    expect(names(await resolve(chaos({ ...both(), mode: 'fixed', value: '9' })))[0]).toHaveLength(3);
  });

  test('every pod, for clearing what was drawn', async () => {
    const target = { mode: 'all', selector: { namespaces: [one], labelSelectors: { app: 'nobody' } } };
    const found = await resolve(chaos({ ...both(), mode: 'one', direction: 'both', target }), { everyPod: true });
    expect(names(found)).toEqual([expect.arrayContaining(['crane-0', 'crane-1', 'crane-2'])]);
  });

  test('more than may be, in one target or in all', async () => {
    expect((await refused(resolve(chaos(both()), { maxPods: 2 }))).hint).toBe('use --max-pods 3');
    const configuration = { type: 'loss', value: '1%', device: 'eth0' };
    const targets = [two, one].map((namespace) => ({ kind: 'selector', namespace, targetSelector: {}, configuration }));
    expect((await refused(resolve(shaper(...targets), { maxPods: 3 }))).message).toContain('mean 4 pods');
  });
});

test('the pods of a target become peers, none is no shape', async () => {
  const target = { mode: 'all', selector: { namespaces: [two], labelSelectors: { app: 'ferry' } } };
  const [found] = await resolve(chaos({ selector: {}, direction: 'both', target, externalTargets: ['192.0.2.1'] }));
  expect(found?.scope.peers).toEqual(['192.0.2.1', `${two}/pod/ferry-0`]);
  const nobody = { mode: 'all', selector: { namespaces: [two], labelSelectors: { app: 'none' } } };
  expect((await refused(resolve(chaos({ selector: {}, target: nobody })))).code).toBe('notFound');
});

test('several targets of a NetworkTrafficShaper become one rule a pod', async () => {
  const device = 'eth0';
  const front = { matchExpressions: [{ key: 'tier', operator: 'In', values: ['front'] }] };
  const all = { kind: 'selector', namespace: one, targetSelector: { matchLabels: { app: 'crane' } } };
  const delay = { ...all, configuration: { type: 'delay', value: '20ms', device } };
  const loss = { ...all, targetSelector: front, configuration: { type: 'loss', value: '5%', device } };
  const shapes = mergeForPods(await resolve(shaper(delay, loss)));
  expect(shapes.map(({ pod, effects }) => [pod.name, effects])).toEqual([
    ['crane-0', { delay: { us: 20_000 }, loss: { model: 'random', percent: 5 } }],
    ['crane-1', { delay: { us: 20_000 } }],
  ]);
  const named = {
    kind: 'pod',
    namespace: one,
    name: 'crane-1',
    configuration: { type: 'delay', value: '1ms', device },
  };
  const twice = await resolve(shaper(delay, named));
  expect(() => mergeForPods(twice)).toThrow(
    new RegExp(
      `^pod ${one}/crane-1 is given delay twice: f.yaml:\\d+:\\d+: spec.targets\\[0\\] and f.yaml:\\d+:\\d+: spec.targets\\[1\\]$`,
    ),
  );
});

test('everything that is not there is told at once', async () => {
  const configuration = { type: 'loss', value: '1%', device: 'eth0' };
  const targets = ['x', 'y'].map((name) => ({ kind: 'pod', namespace: one, name, configuration }));
  const failure = await refused(resolve(shaper(...targets)));
  expect(failure.code).toBe('notFound');
  expect(failure.remedy?.split('\n')).toHaveLength(2);
});

test("the node's addresses hold the one that its probes come from", async () => {
  const probed = podManifest('probed', {
    spec: {
      containers: [
        { name: 'main', image: images.web, readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 } },
        { name: 'watcher', image: images.toolbox, command: ['sleep', '300'] },
      ],
    },
  });
  await createReady(one, probed);
  const inWatcher = (...argv: string[]) => kubectl(['exec', '-n', one, 'probed', '-c', 'watcher', '--', ...argv]);
  const captured = await inWatcher('timeout', '30', 'tcpdump', '-ni', 'eth0', '-c', '1', 'dst port 8080');
  const from = / IP6? (\S+)\.\d+ > /.exec(captured)?.[1];
  const gateways = [...(await inWatcher('ip', 'route')).matchAll(/^default via (\S+)/gm)].map(
    ([, gateway = '']) => gateway,
  );
  const node = await cluster.get<Node>('/api/v1/nodes/node1');
  expect(nodeAddresses(node, gateways)).toContain(from);
});

// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import { parseDestination, parseToSelector } from '../../../src/targets/destination-grammar.js';
import { resolveDestinations, type DestinationOptions } from '../../../src/targets/destinations.js';
import { explainService, nodeReady } from '../../../src/targets/explanations.js';
import { parseSelectorSource, parseSource } from '../../../src/targets/source-grammar.js';
import { resolveSources, type SourceOptions } from '../../../src/targets/sources.js';
import { create, workloadNamespace } from './namespace.js';
import { refused } from './refusal.js';

let cluster: Cluster;
let namespace: string;

beforeAll(async () => {
  cluster = await connectCluster({});
  namespace = await workloadNamespace(cluster);
});

afterAll(async () => {
  await cluster.delete(`/api/v1/namespaces/${namespace}`);
  cluster.close();
});

/** Names of the sources that a word stands for, without what generated names end in. */
async function sources(word: string, options: SourceOptions = {}): Promise<string[]> {
  const pods = await resolveSources(cluster, parseSource([word]), { namespace, ...options });
  return pods.map(({ name }) => stem(name));
}

function stem(name: string): string {
  return name.replace(/^(three|every|once|nightly-1)-.*/, '$1');
}

/** Role, pod and port of the destinations that words stand for. */
async function destinations(words: string[], options: Partial<DestinationOptions> = {}): Promise<string[]> {
  const all: DestinationOptions = { verb: 'connect', namespace, families: [4], ...options };
  const refs = words.map((word) => parseDestination(word, all));
  const found = await resolveDestinations(cluster, refs, all);
  return found.destinations.map(({ role, name = '', host = '', port = '', emptyReason = '' }) =>
    [role, host || stem(name), port, emptyReason].filter((part) => part !== '').join(' '),
  );
}

describe('sources', () => {
  test.each([
    ['old', ['old']],
    ['dotted.pod', ['dotted.pod']],
    ['deploy/three', ['three']],
    ['sts/set', ['set-0']],
    ['ds/every', ['every']],
    ['job/once', ['once']],
    ['cj/nightly', ['nightly-1']],
    ['svc/mixed', ['new']],
    ['svc/eager', ['unready']],
    ['node/node1', ['dotted.pod']],
    ['waiting', ['waiting']],
    ['unready', ['unready']],
  ])('%s', async (word, names) => {
    expect(await sources(word)).toEqual(names);
  });

  test('a replica set is found by its own name', async () => {
    const [pod] = await resolveSources(cluster, parseSource(['deploy/three']), { namespace });
    const owner = pod?.pod.metadata.ownerReferences?.[0]?.name ?? '';
    expect(await sources(`rs/${owner}`, { mode: 'all' })).toEqual(['three', 'three', 'three']);
  });

  test('a source has its node and its addresses of the wanted families', async () => {
    const [both] = await resolveSources(cluster, parseSource(['old']), { namespace });
    expect(both).toMatchObject({ namespace, name: 'old', node: 'node1', primaryFamily: 4 });
    expect(both?.addresses[4]).toMatch(/^198\.19\./);
    expect(both?.addresses[6]).toMatch(/^2001:2:/);
    const [six] = await resolveSources(cluster, parseSource(['old']), { namespace, families: [6] });
    expect(Object.keys(six?.addresses ?? {})).toEqual(['6']);
  });

  test('modes', async () => {
    expect(await sources('deploy/three', { mode: 'all' })).toHaveLength(3);
    expect(await sources('svc/mixed', { mode: 'all' })).toEqual(['new', 'old']);
    expect(await sources('deploy/three', { mode: 2 })).toHaveLength(2);
    expect(await sources('deploy/three', { mode: '50%' })).toHaveLength(2);
    expect(await sources('deploy/three', { mode: 'random', random: () => 0.99 })).toEqual(['three']);
    const failure = await refused(sources('deploy/three', { mode: 'all', maxPods: 2 }), 'usage');
    expect(failure.message).toBe('deploy/three means 3 pods, more than --max-pods 2');
  });

  test('selectors are the server’s to judge', async () => {
    const spec = parseSelectorSource('app in (mixed),tier!=late');
    const pods = await resolveSources(cluster, spec, { namespace, mode: 'all' });
    expect(pods.map(({ name }) => name)).toEqual(['new', 'old']);
    const broken = await refused(resolveSources(cluster, parseSelectorSource('a=b=c'), { namespace }), 'usage');
    expect(broken.message).toContain('the selector "a=b=c" is not valid');
  });

  test('--from-node', async () => {
    expect(await sources('deploy/three', { mode: 'all', fromNode: 'node1' })).toHaveLength(3);
    expect(await sources('svc/mixed', { mode: 'all', fromNode: 'node1' })).toHaveLength(2);
    expect(await sources('old', { fromNode: 'node1' })).toEqual(['old']);
    for (const word of ['deploy/three', 'svc/mixed', 'old']) {
      expect((await refused(sources(word, { fromNode: 'nod1' }), 'notFound')).message).toBe('nodes "nod1" not found');
    }
    await refused(sources('old', { fromNode: 'node1,metadata.name=x' }), 'usage');
  });

  test('what is not there', async () => {
    expect((await refused(sources('od'), 'notFound')).hint).toBe('did you mean old?');
    expect((await refused(sources('three'), 'notFound')).hint).toBe('did you mean deploy/three?');
    expect((await refused(sources('deploy/tree'), 'notFound')).hint).toBe('did you mean deploy/three?');
    expect((await refused(sources('svc/mxed'), 'notFound')).hint).toBe('did you mean svc/mixed?');
    expect((await refused(sources('node/nod1'), 'notFound')).hint).toContain('did you mean node/node1');
    expect((await refused(sources('deploy/none'), 'notFound')).message).toBe(
      `deploy/none has no pods in namespace ${namespace}`,
    );
    expect((await refused(sources('svc/late'), 'notFound')).hint).toBe('selector tier=late matches 1 pod, 0 ready');
    const elsewhere = { namespace: 'no-such-namespace' };
    expect((await refused(sources('old', elsewhere), 'notFound')).message).toBe(
      'namespaces "no-such-namespace" not found',
    );
    const nobody = resolveSources(cluster, parseSelectorSource('app=nobody'), { namespace });
    expect((await refused(nobody, 'notFound')).message).toBe(`No resources found in ${namespace} namespace.`);
  });
});

describe('destinations', () => {
  test.each([
    ['old:80', ['pod old 80']],
    ['deploy/three:http', ['pod three 8080', 'pod three 8080', 'pod three 8080']],
    ['sts/set:80', ['pod set-0 80']],
    ['ds/every:80', ['pod every 80']],
    ['cj/nightly:80', ['pod nightly-1 80']],
    ['svc/mixed', ['virtual mixed 80', 'endpoint new 9090', 'endpoint old 8080']],
    ['svc/late:80', ['virtual late 80', 'endpoint late 80 NoEndpoints']],
    ['svc/outside:80', ['host a.example 80']],
    ['node/node1:80', ['node node1 80']],
    ['waiting:80', ['pod waiting 80 NoAddress']],
    ['deploy/none:80', ['pod NoEndpoints']],
    ['dotted.pod:80', ['pod dotted.pod 80']],
    ['not.a.pod:80', ['host not.a.pod 80']],
  ])('%s', async (word, found) => {
    expect(await destinations([word])).toEqual(found);
  });

  test('of another namespace', async () => {
    const pods = await destinations([`${namespace}/deploy/three:80`, `${namespace}/old:80`.replace('/', '/pod/')], {
      namespace: 'default',
    });
    expect(pods).toEqual(['pod three 80', 'pod three 80', 'pod three 80', 'pod old 80']);
  });

  test('by selector, in all families', async () => {
    const toSelector = parseToSelector('app=mixed,tier!=late:http', { verb: 'connect' });
    const found = await destinations([], { toSelector, families: [4, 6] });
    expect(found).toEqual(['pod new 9090', 'pod new 9090', 'pod old 8080', 'pod old 8080']);
    const nobody = { toSelector: parseToSelector('app=nobody:80', { verb: 'connect' }) };
    expect((await refused(destinations([], nobody), 'notFound')).message).toContain('No resources found');
    const broken = { toSelector: parseToSelector('a=b=c:80', { verb: 'connect' }) };
    await refused(destinations([], broken), 'usage');
  });

  test('what is not there', async () => {
    expect((await refused(destinations(['svc/mxed:80']), 'notFound')).hint).toBe('did you mean svc/mixed?');
    expect((await refused(destinations(['old:80', 'od:80', 'svc/mxed:80']), 'notFound')).message).toContain(
      '"od" not found',
    );
    expect((await refused(destinations(['svc/mixed:81']), 'usage')).hint).toBe('it has 80/tcp (http)');
  });
});

describe('explanations', () => {
  test('of Services', async () => {
    expect(await explainService(cluster, namespace, 'late')).toBe('selector tier=late matches 1 pod, 0 ready');
    expect(await explainService(cluster, namespace, 'mixed')).toBe('selector app=mixed matches 3 pods, 2 ready');
    expect(await explainService(cluster, namespace, 'misnamed')).toBe(
      'selector app=three matches 3 pods, 3 ready; no container port is named web',
    );
    expect(await explainService(cluster, namespace, 'outside')).toBe('service outside is the external name a.example');
    expect(await explainService(cluster, 'default', 'kubernetes')).toContain('has no selector');
    expect(await explainService(cluster, namespace, 'missing')).toBeUndefined();
  });

  test('of nodes', async () => {
    expect(await nodeReady(cluster, 'node1')).toEqual({ ready: true });
    expect(await nodeReady(cluster, 'missing')).toBeUndefined();
  });

  test('that may not be read are left out', async () => {
    const nobody = await connectCluster({ as: 'system:serviceaccount:default:default' });
    expect(await explainService(nobody, namespace, 'late')).toBeUndefined();
    await refused(resolveSources(nobody, parseSource(['old']), { namespace }), 'forbidden');
    nobody.close();
  });
});

describe('more than a page of pods', () => {
  test('is counted to the end', async () => {
    const pending = Array.from({ length: 510 }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `many-${index}`, labels: { app: 'many' } },
      spec: { schedulerName: 'nobody', containers: [{ name: 'none', image: 'none' }] },
    }));
    for (let start = 0; start < pending.length; start += 30) {
      await Promise.all(pending.slice(start, start + 30).map((pod) => create(cluster, namespace, pod)));
    }
    const all = resolveSources(cluster, parseSelectorSource('app=many'), { namespace, mode: 'all' });
    expect((await refused(all, 'usage')).message).toBe('app=many means 510 pods, more than --max-pods 10');
    const [first] = await resolveSources(cluster, parseSelectorSource('app=many'), { namespace });
    expect(first?.name).toBe('many-0');
  });
});

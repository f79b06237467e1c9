// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, test } from 'vitest';
import { connectCluster } from '../../../src/kube/connect.js';
import type { Cluster } from '../../../src/kube/cluster.js';
import { unusedPodAddress } from '../../cluster/addresses.js';
import { refused } from '../targets/refusal.js';
import { faultProxy, type Fault, type FaultProxy } from './fault-proxy.js';

const path = '/api/v1/namespaces/default';
let proxy: FaultProxy;
let cluster: Cluster;

async function behind(decide: (path: string, count: number) => Fault): Promise<void> {
  let count = 0;
  proxy = await faultProxy((request) => decide(request.url ?? '', (count += 1)));
  cluster = await connectCluster({ kubeconfig: '/dev/null', server: proxy.url });
}

afterEach(async () => {
  cluster.close();
  await proxy.close();
});

async function everything<T>(parts: AsyncIterable<T | T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const part of parts) all.push(...([part].flat() as T[]));
  return all;
}

describe('repeats', () => {
  test('after 429, as late as the server asks for, writes too', async () => {
    await behind((_, count) => (count < 3 ? { status: 429, headers: { 'Retry-After': '1' } } : 'pass'));
    const startedAt = performance.now();
    await cluster.patch(path, 'merge', { metadata: { annotations: { 'netmachinery.test/faults': '1' } } });
    expect(performance.now() - startedAt).toBeGreaterThan(1990);
    expect(proxy.requests).toHaveLength(3);
  });

  test('reads after 503', async () => {
    await behind((_, count) => (count === 1 ? { status: 503, body: 'etcd is away' } : 'pass'));
    await cluster.get(path);
    expect(proxy.requests).toHaveLength(2);
  });

  test('no write after 503', async () => {
    await behind(() => ({ status: 503 }));
    const failure = await refused(cluster.patch(path, 'merge', {}), 'cluster');
    expect(failure.status).toBe(503);
    expect(proxy.requests).toHaveLength(1);
  });

  test('not for ever', async () => {
    await behind(() => ({ status: 503, body: '<html>Bad</html>' }));
    const failure = await refused(cluster.get(path), 'cluster');
    expect(failure.message).toBe('the server is currently unable to handle the request');
    expect(proxy.requests).toHaveLength(3);
  });

  test('not when it is to wait longer than anybody does', async () => {
    await behind(() => ({ status: 429, headers: { 'Retry-After': '3600' } }));
    await refused(cluster.get(path), 'cluster');
    expect(proxy.requests).toHaveLength(1);
  });

  test('on a new connection where a kept one was closed meanwhile', async () => {
    await behind((_, count) => (count === 2 ? 'cut' : 'pass'));
    await cluster.get(path);
    await cluster.get(path);
    expect(proxy.requests).toHaveLength(3);
  });
});

describe('says so', () => {
  test('when the connection breaks before the answer', async () => {
    await behind(() => 'cut');
    const failure = await refused(cluster.get(path), 'cluster');
    expect(failure.reason).toBe('ConnectionLost');
  });

  test('when the connection breaks within the answer', async () => {
    await behind(() => ({ cutAfterBytes: 1000 }));
    const failure = await refused(everything(cluster.list('/api/v1/pods')), 'cluster');
    expect(failure.reason).toBe('ConnectionLost');
  });

  test('when nothing comes within the request timeout', async () => {
    await behind(() => 'stall');
    cluster.close();
    cluster = await connectCluster({ kubeconfig: '/dev/null', server: proxy.url, requestTimeoutMs: 200 });
    const failure = await refused(cluster.get(path), 'cluster');
    expect(failure).toMatchObject({ reason: 'DeadlineExceeded' });
    expect(failure.message).toMatch(/^the server 127\.0\.0\.1:\d+ did not answer within 0\.2 s$/);
  });

  test('when no connection is made', async () => {
    await behind(() => 'pass');
    cluster.close();
    // An address of node1's pod network that no pod has: nobody answers for it.
    const server = `https://${unusedPodAddress}:6443`;
    cluster = await connectCluster({ kubeconfig: '/dev/null', server, liveness: { connectMs: 300 } });
    const failure = await refused(cluster.get(path), 'cluster');
    expect(failure.message).toBe(`Unable to connect to the server: dial tcp ${unusedPodAddress}:6443: i/o timeout`);
  });

  test('when it is interrupted', async () => {
    await behind(() => 'stall');
    const signal = AbortSignal.timeout(50);
    await refused(cluster.get(path, { signal }), 'interrupted');
  });

  test('when a watch breaks', async () => {
    await behind((url) => (url.includes('watch=true') ? { cutAfterBytes: 600 } : 'pass'));
    const { metadata } = await cluster.get<{ metadata: { resourceVersion: string } }>('/api/v1/namespaces');
    const { resourceVersion } = metadata;
    const failing = refused(everything(cluster.watch('/api/v1/namespaces', { resourceVersion })), 'cluster');
    await cluster.patch(path, 'merge', {
      metadata: { annotations: { 'netmachinery.test/watch': String(Date.now()) } },
    });
    await cluster.patch(path, 'merge', {
      metadata: { annotations: { 'netmachinery.test/watch': String(Math.random()) } },
    });
    expect((await failing).reason).toBe('ConnectionLost');
  });
});

test('an error within a watch is thrown with its status', async () => {
  // As Kubernetes 1.34 sent it.
  const event =
    '{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",' +
    '"message":"too old resource version: 1 (367)","reason":"Expired","code":410}}\n';
  await behind(() => ({ status: 200, body: event }));
  const failure = await refused(everything(cluster.watch('/api/v1/pods', { resourceVersion: '1' })), 'cluster');
  expect(failure).toMatchObject({ status: 410, reason: 'Expired', message: 'too old resource version: 1 (367)' });
});

test('a list that expired goes on with the token that the server offers', async () => {
  const all = await connectCluster({});
  const whole = await everything(all.list('/api/v1/namespaces'));
  all.close();
  let offered = '';
  await behind((url) => {
    const token = new URL(url, 'http://any').searchParams.get('continue');
    if (token === null || offered !== '') return 'pass';
    offered = token;
    const status = { kind: 'Status', code: 410, reason: 'Expired', metadata: { continue: token } };
    return { status: 410, body: JSON.stringify(status) };
  });
  const pages = await everything(cluster.list('/api/v1/namespaces', { limit: 2 }));
  expect(offered).not.toBe('');
  expect(pages.length).toBeGreaterThanOrEqual(Math.min(whole.length, 4));
});

test('a list that expired throws where the server offers nothing', async () => {
  await behind((url) => {
    const status = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' };
    return url.includes('continue=') ? { status: 410, body: JSON.stringify(status) } : 'pass';
  });
  const failure = await refused(everything(cluster.list('/api/v1/namespaces', { limit: 2 })), 'cluster');
  expect(failure.status).toBe(410);
});

test('long answers come compressed, unless that is unwanted', async () => {
  const encodings: (string | undefined)[] = [];
  for (const disableCompression of [false, true]) {
    proxy = await faultProxy(({ headers }) => {
      encodings.push(headers['accept-encoding']?.toString());
      return 'pass';
    });
    cluster = await connectCluster({ kubeconfig: '/dev/null', server: proxy.url, disableCompression });
    // The OpenAPI document is longer than 128 kB.
    const { paths } = await cluster.get<{ paths: object }>('/openapi/v2');
    expect(Object.keys(paths).length).toBeGreaterThan(100);
    if (!disableCompression) {
      cluster.close();
      await proxy.close();
    }
  }
  expect(encodings).toEqual(['gzip', undefined]);
});

test('a compressed answer that is cut short is a lost connection', async () => {
  await behind(() => ({ cutAfterBytes: 20_000 }));
  const failure = await refused(cluster.get('/openapi/v2'), 'cluster');
  expect(failure.reason).toBe('ConnectionLost');
});

// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster, ClusterOptions } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import type { KubeObject } from '../../../src/kube/objects.js';
import { refused } from '../targets/refusal.js';
import { temporaryNamespace } from './namespace.js';

let cluster: Cluster;
let namespace: string;

beforeAll(async () => {
  cluster = await connectCluster({});
  namespace = await temporaryNamespace(cluster);
});

afterAll(async () => {
  await cluster.delete(`/api/v1/namespaces/${namespace}`);
  cluster.close();
});

interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
}

function configMap(name: string, data: Record<string, string> = {}): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: { of: 'requests' } }, data };
}

const configMaps = () => `/api/v1/namespaces/${namespace}/configmaps`;

test('creates, reads, patches and deletes', async () => {
  await cluster.create<ConfigMap>(configMaps(), configMap('one', { a: '1' }));
  const patched = await cluster.patch<ConfigMap>(`${configMaps()}/one`, 'merge', { data: { b: '2' } });
  expect(patched.data).toEqual({ a: '1', b: '2' });
  await cluster.patch(`${configMaps()}/one`, 'json', [{ op: 'remove', path: '/data/a' }]);
  await cluster.patch(`${configMaps()}/one`, 'apply', { ...configMap('one'), data: { c: '3' } });
  const read = await cluster.get<ConfigMap>(`${configMaps()}/one`);
  expect(read.data).toEqual({ b: '2', c: '3' });
  await cluster.delete(`${configMaps()}/one`);
  const failure = await refused(cluster.get(`${configMaps()}/one`), 'notFound');
  expect(failure).toMatchObject({ status: 404, reason: 'NotFound', message: 'configmaps "one" not found' });
});

test('lists by pages and by selectors', async () => {
  const names = ['p1', 'p2', 'p3', 'p4', 'p5'];
  for (const name of names) await cluster.create(configMaps(), configMap(name));
  const pages: string[][] = [];
  for await (const page of cluster.list<ConfigMap>(configMaps(), { limit: 2, labelSelector: 'of=requests' })) {
    pages.push(page.map(({ metadata }) => metadata.name));
  }
  expect(pages).toEqual([['p1', 'p2'], ['p3', 'p4'], ['p5']]);
  for await (const page of cluster.list<ConfigMap>(configMaps(), { fieldSelector: 'metadata.name=p3' })) {
    expect(page.map(({ metadata }) => metadata.name)).toEqual(['p3']);
  }
  await refused(everything(cluster.list(configMaps(), { labelSelector: 'a in' })), 'cluster');
});

async function everything<T>(parts: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

test('lists metadata only where that is all that is wanted', async () => {
  const pages: KubeObject[][] = [];
  for await (const page of cluster.list('/api/v1/nodes', { metadataOnly: true })) pages.push(page);
  const nodes = pages.flat();
  expect(nodes.map(({ metadata }) => metadata.name)).toContain('node1');
  expect(nodes.every((node) => !('status' in node))).toBe(true);
});

describe('watch', () => {
  test('shows changes as they come and ends with its signal', async () => {
    const { metadata } = await cluster.create<ConfigMap>(configMaps(), configMap('watched'));
    const stop = new AbortController();
    const seen: string[] = [];
    const watch = async () => {
      const options = { fieldSelector: 'metadata.name=watched', signal: stop.signal };
      const resourceVersion = metadata.resourceVersion;
      for await (const { type, object } of cluster.watch<ConfigMap>(configMaps(), { ...options, resourceVersion })) {
        seen.push(`${type} ${object.data?.['a'] ?? ''}`);
        if (type === 'DELETED') stop.abort();
      }
    };
    const watching = refused(watch(), 'interrupted');
    await cluster.patch(`${configMaps()}/watched`, 'merge', { data: { a: '\u{1f600}\u00e9' } });
    await cluster.delete(`${configMaps()}/watched`);
    await watching;
    expect(seen).toEqual(['MODIFIED \u{1f600}\u00e9', 'DELETED \u{1f600}\u00e9']);
  });

  test('ends when the server ends it', async () => {
    const list = await cluster.get<{ metadata: { resourceVersion: string } }>(configMaps());
    const { resourceVersion } = list.metadata;
    await everything(cluster.watch(configMaps(), { resourceVersion, timeoutSeconds: 1 }));
  });
});

describe('who we are', () => {
  interface UserInfo {
    username: string;
    uid?: string;
    groups: string[];
  }

  async function whoAmI(options: ClusterOptions): Promise<UserInfo> {
    const one = await connectCluster(options);
    try {
      const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
      const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
      return (await one.create<{ status: { userInfo: UserInfo } }>(path, review)).status.userInfo;
    } finally {
      one.close();
    }
  }

  test('the client certificate', async () => {
    expect(await whoAmI({})).toMatchObject({ username: 'admin', groups: ['system:masters', 'system:authenticated'] });
  });

  test('impersonation with several groups and a uid', async () => {
    const user = await whoAmI({ as: 'jane', asGroups: ['dev', 'ops'], asUid: '7' });
    expect(user).toMatchObject({ username: 'jane', uid: '7', groups: ['dev', 'ops', 'system:authenticated'] });
  });

  test('a token', async () => {
    const account = await cluster.create<{ status: { token: string } }>(
      `/api/v1/namespaces/${namespace}/serviceaccounts/default/token`,
      { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
    );
    const server = cluster.server;
    const options = { kubeconfig: '/dev/null', server, insecureSkipTlsVerify: true, token: account.status.token };
    expect((await whoAmI(options)).username).toBe(`system:serviceaccount:${namespace}:default`);
    await refused(whoAmI({ ...options, token: 'wrong' }), 'forbidden');
  });

  test('what is forbidden is said in the words of the server', async () => {
    const jane = await connectCluster({ as: 'jane' });
    const failure = await refused(jane.get(configMaps()), 'forbidden');
    expect(failure).toMatchObject({ status: 403, reason: 'Forbidden' });
    expect(failure.message).toContain('User "jane" cannot list resource "configmaps"');
    jane.close();
  });
});

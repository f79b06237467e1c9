// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import { refused } from '../targets/refusal.js';
import { connectProxy, type ConnectProxy } from './connect-proxy.js';
import { runningPod, temporaryNamespace } from './namespace.js';

let admin: Cluster;
let namespace: string;
let directory: string;
let proxy: ConnectProxy;
let cluster: Cluster;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  admin = await connectCluster({});
  namespace = await temporaryNamespace(admin);
  await runningPod(admin, namespace);
});

afterEach(async () => {
  cluster.close();
  await proxy.close();
});

afterAll(async () => {
  rmSync(directory, { recursive: true });
  await admin.delete(`/api/v1/namespaces/${namespace}`);
  admin.close();
});

/** A kubeconfig for the test cluster that says to go by a proxy. */
async function by(proxyUrl: string): Promise<Cluster> {
  const config = JSON.parse(readFileSync(process.env['KUBECONFIG'] ?? '', 'utf8')) as {
    clusters: { cluster: Record<string, string> }[];
  };
  for (const entry of config.clusters) entry.cluster['proxy-url'] = proxyUrl;
  const path = join(directory, 'proxied.yaml');
  writeFileSync(path, JSON.stringify(config));
  return connectCluster({ kubeconfig: path });
}

test('requests and execs go through one tunnel each, certificates end to end', async () => {
  proxy = await connectProxy();
  cluster = await by(`http://jane:p%40ss@${proxy.authority}`);
  await cluster.get(`/api/v1/namespaces/${namespace}`);
  await cluster.get(`/api/v1/namespaces/${namespace}`);
  const { host } = new URL(cluster.server);
  const credentials = `Basic ${Buffer.from('jane:p@ss').toString('base64')}`;
  expect(proxy.asked).toEqual([`${host} ${credentials}`]);
  const exec = { namespace, pod: 'idle', container: 'main', argv: ['sh', '-c', 'exit 3'], deadlineMs: 20_000 };
  expect(await cluster.exec(exec)).toEqual({ exitCode: 3 });
});

test('a proxy that refuses is named', async () => {
  proxy = await connectProxy(407);
  cluster = await by(`http://${proxy.authority}`);
  const failure = await refused(cluster.get('/api/v1/namespaces'), 'cluster');
  expect(failure.message).toBe(`Unable to connect to the server: proxy ${proxy.authority}: 407 Refused`);
});

test('a proxy that is not there is named', async () => {
  proxy = await connectProxy();
  await proxy.close();
  cluster = await by(`http://${proxy.authority}`);
  const failure = await refused(cluster.get('/api/v1/namespaces'), 'cluster');
  expect(failure.message).toContain(`Unable to connect to the server: proxy ${proxy.authority}: `);
});

test('a kind of proxy that is not supported is said', async () => {
  proxy = await connectProxy();
  cluster = await by(`socks4://${proxy.authority}`);
  const failure = await refused(cluster.get('/api/v1/namespaces'), 'unsupported');
  expect(failure.message).toBe('proxies of the kind socks4 are not supported');
});

test('a proxy URL that is none is quoted without its password', async () => {
  proxy = await connectProxy();
  cluster = await by('http://jane:top-secret@no host');
  const failure = await refused(cluster.get('/api/v1/namespaces'), 'usage');
  expect(failure.message).toBe('"http://jane:xxxxx@no host" is not the URL of a proxy');
});

// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import { launchers, netmachinery, type Launcher } from '../../e2e/cli.js';
import { refused } from '../targets/refusal.js';
import { faultProxy } from './fault-proxy.js';
import { runningPod, temporaryNamespace } from './namespace.js';
import { socksServer, type SocksServer, type SocksServerOptions } from './socks-proxy.js';

/** In the certificate of the API server, and resolvable nowhere but in the proxy. */
const serverName = 'kubernetes.default.svc';

let admin: Cluster;
let namespace: string;
let directory: string;
let proxy: SocksServer;
let cluster: Cluster | undefined;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'socks-'));
  admin = await connectCluster({});
  namespace = await temporaryNamespace(admin);
  await runningPod(admin, namespace);
});

afterEach(async () => {
  cluster?.close();
  cluster = undefined;
  await proxy.close();
});

afterAll(async () => {
  rmSync(directory, { recursive: true });
  await admin.delete(`/api/v1/namespaces/${namespace}`);
  admin.close();
});

/** Starts a proxy and writes a kubeconfig for the test cluster, by name, that says to go by it. */
async function kubeconfigBy(
  scheme: string,
  options: SocksServerOptions = {},
  credentials = '',
  server?: string,
): Promise<string> {
  const { hostname, port } = new URL(admin.server);
  proxy = await socksServer((host) => (host === serverName ? hostname : host), options);
  const config = JSON.parse(readFileSync(process.env['KUBECONFIG'] ?? '', 'utf8')) as {
    clusters: { cluster: Record<string, string> }[];
  };
  for (const entry of config.clusters) {
    entry.cluster['server'] = server ?? `https://${serverName}:${port}`;
    entry.cluster['proxy-url'] = `${scheme}://${credentials}${proxy.authority}`;
  }
  const path = join(directory, 'kubeconfig');
  writeFileSync(path, JSON.stringify(config));
  return path;
}

describe('a SOCKS proxy', () => {
  test.each(['socks5', 'socks5h'])('%s: one connection for requests, one for an exec, by name', async (scheme) => {
    cluster = await connectCluster({ kubeconfig: await kubeconfigBy(scheme) });
    await cluster.get(`/api/v1/namespaces/${namespace}`);
    await cluster.get(`/api/v1/namespaces/${namespace}`);
    const asked = `name ${serverName}:${new URL(admin.server).port}`;
    expect(proxy.asked).toEqual([asked]);
    const exec = { namespace, pod: 'idle', container: 'main', argv: ['sh', '-c', 'exit 3'], deadlineMs: 20_000 };
    expect(await cluster.exec(exec)).toEqual({ exitCode: 3 });
  });

  test('with a user name and a password', async () => {
    const credentials = { username: 'jane', password: 'p@ss' };
    cluster = await connectCluster({ kubeconfig: await kubeconfigBy('socks5', { credentials }, 'jane:p%40ss@') });
    await cluster.get('/version');
    expect(proxy.asked).toHaveLength(1);
  });

  test('in front of an http:// server, by address', async () => {
    const plain = await faultProxy(() => 'pass');
    cluster = await connectCluster({ kubeconfig: await kubeconfigBy('socks5', {}, '', plain.url) });
    await cluster.get('/version');
    expect(proxy.asked).toEqual([`ipv4 ${new URL(plain.url).host}`]);
    await plain.close();
  });

  test('is asked for an IPv6 address in bytes', async () => {
    const server = 'http://[2001:2::a:198.18.0.1]:8001';
    cluster = await connectCluster({ kubeconfig: await kubeconfigBy('socks5', { reply: 4 }, '', server) });
    const failure = await refused(cluster.get('/version'), 'cluster');
    expect(failure.message).toMatch(/: host unreachable$/);
    expect(proxy.asked).toEqual(['ipv6 20010002000000000000000ac6120001:8001']);
  });

  const credentials = { username: 'jane', password: 'right' };
  test.each<[string, SocksServerOptions, string, string]>([
    ['a wrong password', { credentials }, 'jane:wrong-secret@', 'username/password authentication failed'],
    ['no password where one is needed', { credentials }, '', 'no acceptable authentication methods'],
    ['a destination that the proxy may not reach', { reply: 2 }, '', 'connection not allowed by ruleset'],
    ['a destination that refuses the proxy', { reply: 5 }, '', 'connection refused'],
  ])('%s is said, and no password', async (_, options, given, words) => {
    cluster = await connectCluster({ kubeconfig: await kubeconfigBy('socks5', options, given) });
    const failure = await refused(cluster.get('/version'), 'cluster');
    expect(failure.message).toBe(`Unable to connect to the server: proxy ${proxy.authority}: ${words}`);
  });

  test.each(Object.keys(launchers) as Launcher[])('serves a whole run of the plugin (%s)', async (launcher) => {
    const kubeconfig = await kubeconfigBy('socks5');
    const { exitCode, stdout, stderr } = await netmachinery(['version', '--kubeconfig', kubeconfig], { launcher });
    expect(stderr).toBe('');
    expect(stdout).toContain('Server Version: v');
    expect(exitCode).toBe(0);
    expect(proxy.asked.length).toBeGreaterThan(0);
  });
});

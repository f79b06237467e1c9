// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Cluster } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import { proxyOfUrl } from '../../../src/kube/open-tunnel.js';
import { refused } from '../../integration/targets/refusal.js';
import { refusal } from '../targets/refusal.js';

let directory: string;
let silent: Server;
let sockets: Set<Socket>;
let accepted: Promise<void>;
let cluster: Cluster | undefined;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'silent-proxy-'));
  sockets = new Set();
  let accept: () => void = () => undefined;
  accepted = new Promise((resolve) => (accept = resolve));
  // Takes what it is told and never says a word.
  silent = createServer((socket) => {
    sockets.add(socket);
    socket.resume().on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    accept();
  });
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
});

afterEach(async () => {
  cluster?.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((closed) => silent.close(closed));
  rmSync(directory, { recursive: true });
});

const authority = () => `127.0.0.1:${(silent.address() as AddressInfo).port}`;

async function by(scheme: string, server: string): Promise<Cluster> {
  const config = {
    clusters: [{ name: 'c', cluster: { server, 'proxy-url': `${scheme}://${authority()}` } }],
    contexts: [{ name: 'c', context: { cluster: 'c' } }],
    'current-context': 'c',
  };
  const path = join(directory, 'kubeconfig');
  writeFileSync(path, JSON.stringify(config));
  cluster = await connectCluster({ kubeconfig: path, liveness: { connectMs: 500 } });
  return cluster;
}

async function expectNoConnection(): Promise<void> {
  const giveUpMs = performance.now() + 5000;
  while (sockets.size > 0 && performance.now() < giveUpMs) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(sockets.size).toBe(0);
}

const ways = ['http', 'https', 'socks5'].flatMap((scheme) =>
  ['https', 'http'].map((server): [string, string] => [scheme, `${server}://198.18.0.1:6443`]),
);

test.each(ways)('a proxy %s:// to %s that does not answer is named and let go', async (scheme, server) => {
  const failure = await refused((await by(scheme, server)).get('/version'), 'cluster');
  expect(failure.message).toBe(`Unable to connect to the server: proxy ${authority()}: i/o timeout`);
  expect(failure.reason).toBe('ProxyFailed');
  await expectNoConnection();
});

test.each(ways)('a proxy %s:// to %s that does not answer is let go when it is interrupted', async (scheme, server) => {
  const controller = new AbortController();
  const asked = refused((await by(scheme, server)).get('/version', { signal: controller.signal }), 'interrupted');
  await accepted;
  expect(sockets.size).toBe(1);
  controller.abort();
  await asked;
  await expectNoConnection();
});

test.each(['http://jane:100%@proxy.example', 'socks5://ja%ne:secret@proxy.example'])(
  'a percent sign that encodes nothing is refused and not quoted: %s',
  (url) => {
    const failure = refusal(() => proxyOfUrl(url));
    expect(failure.message).toBe(
      'the user or the password in the URL of the proxy proxy.example is not percent-encoded',
    );
    expect(failure.hint).toBe('a % in it is written as %25');
    expect(failure.cause).toBeUndefined();
  },
);

test('a proxy URL that is none is quoted without its password, whatever signs that has', () => {
  const failure = refusal(() => proxyOfUrl('http://bob:s3cr/et@proxy.example:3128'));
  expect(failure.message).toBe('"http://bob:xxxxx@proxy.example:3128" is not the URL of a proxy');
});

// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import type { Pod } from '../../../src/kube/objects.js';
import type { Liveness } from '../../../src/kube/liveness.js';
import { watchPod } from '../../../src/kube/pod-watch.js';
import { refused } from '../targets/refusal.js';
import { faultProxy, type Fault, type FaultProxy } from './fault-proxy.js';
import { runningPod, temporaryNamespace } from './namespace.js';

let admin: Cluster;
let namespace: string;
let proxy: FaultProxy;
let cluster: Cluster;

beforeAll(async () => {
  admin = await connectCluster({});
  namespace = await temporaryNamespace(admin);
  await runningPod(admin, namespace);
});

afterEach(async () => {
  cluster.close();
  await proxy.close();
});

afterAll(async () => {
  await admin.delete(`/api/v1/namespaces/${namespace}`);
  admin.close();
});

/** A watch is asked for a second, and given up soon after. */
const short = { watchSeconds: 1, watchEndMarginMs: 500 };

/** Watches the pod through a proxy, which treats the watches (not the reads) as it is told, the first with number 1. */
async function watching(fault: (watches: number) => Fault = () => 'pass', liveness: Partial<Liveness> = {}) {
  let watches = 0;
  proxy = await faultProxy(({ url = '' }) => (url.includes('watch=true') ? fault((watches += 1)) : 'pass'));
  cluster = await connectCluster({ kubeconfig: '/dev/null', server: proxy.url, liveness });
  const stop = new AbortController();
  const seen: string[] = [];
  const see = ({ metadata }: Pod) => seen.push(metadata.annotations?.['netmachinery.test/mark'] ?? '');
  const ended = refused(watchPod(cluster, { namespace, name: 'idle' }, stop.signal, see), 'interrupted');
  const watchesOnce = async (count: number) => {
    while (watches < count) await sleep(20);
    // The request has reached the proxy; let the answer begin.
    await sleep(200);
  };
  await watchesOnce(1);
  return {
    watchesOnce,
    /** Changes the pod, waits until the watch shows it, and ends the watch. */
    showsChanges: async () => {
      const mark = String(Math.random());
      const annotations = { 'netmachinery.test/mark': mark };
      await admin.patch(`/api/v1/namespaces/${namespace}/pods/idle`, 'merge', { metadata: { annotations } });
      while (!seen.includes(mark)) await sleep(20);
      stop.abort();
      await ended;
      return watches;
    },
  };
}

const expired = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version: 1 (367)' };

test('a connection whose other end has vanished is given up for a new one', async () => {
  const watch = await watching(undefined, short);
  proxy.freezeAll();
  // What is frozen shows nothing: it is the look before the second watch, or that watch.
  expect(await watch.showsChanges()).toBeLessThanOrEqual(2);
});

test('so it is where the server says nothing and does not end the watch', async () => {
  const watch = await watching((watches) => (watches === 1 ? 'stall' : 'pass'), short);
  await watch.watchesOnce(2);
  expect(await watch.showsChanges()).toBeGreaterThanOrEqual(2);
});

test('410 Gone at the beginning: it reads the pod and watches anew', async () => {
  const gone: Fault = { status: 410, body: JSON.stringify(expired) };
  const watch = await watching((watches) => (watches === 1 ? gone : 'pass'));
  await watch.watchesOnce(2);
  expect(await watch.showsChanges()).toBeGreaterThanOrEqual(2);
});

test('410 Gone in the middle: it reads the pod and watches anew', async () => {
  const gone: Fault = { status: 200, body: `${JSON.stringify({ type: 'ERROR', object: expired })}\n` };
  const watch = await watching((watches) => (watches === 1 ? gone : 'pass'));
  await watch.watchesOnce(2);
  expect(await watch.showsChanges()).toBeGreaterThanOrEqual(2);
});

test('a server that goes away and comes back', async () => {
  const watch = await watching();
  await proxy.down();
  await sleep(1500);
  await proxy.up();
  await watch.watchesOnce(2);
  expect(await watch.showsChanges()).toBeGreaterThanOrEqual(2);
});

test('a server that answers 503 while it starts', async () => {
  const starting: Fault = { status: 503, headers: { 'Retry-After': '0' } };
  const watch = await watching((watches) => (watches <= 7 ? starting : 'pass'));
  await watch.watchesOnce(8);
  expect(await watch.showsChanges()).toBeGreaterThanOrEqual(8);
});

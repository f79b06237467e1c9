// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import { execWhenReady } from '../../../src/kube/exec-when-ready.js';
import { podPath } from '../../../src/kube/tool-container-patch.js';
import { prepareToolContainer } from '../../../src/kube/tool-container.js';
import { refused } from '../targets/refusal.js';
import { faultProxy } from './fault-proxy.js';
import { runningPod, temporaryNamespace } from './namespace.js';

let cluster: Cluster;
let namespace: string;
const image = () => process.env['NETMACHINERY_IMAGE'] ?? '';
const nothing = { argv: ['true'], deadlineMs: 10_000 };

beforeAll(async () => {
  cluster = await connectCluster({});
  namespace = await temporaryNamespace(cluster);
});

afterAll(async () => {
  await cluster.delete(`/api/v1/namespaces/${namespace}`);
  cluster.close();
});

test('executes before the status says that the container runs', async () => {
  const pod = await runningPod(cluster, namespace, { name: 'soon' });
  const container = await prepareToolContainer(cluster, pod, { image: image() });
  expect(await execWhenReady(cluster, container, nothing)).toEqual({ exitCode: 0 });
});

describe('fails soon, in the words of the kubelet', () => {
  test.each([
    ['an image that is nowhere', { image: 'docker.io/netmachinery-test/nowhere:1' }, 'ErrImagePull'],
    ['an image name that is none', { image: 'docker.io/Upper:1' }, 'InvalidImageName'],
    [
      'an image that may not be pulled',
      { image: 'docker.io/netmachinery-test/nowhere:1', imagePullPolicy: 'Never' as const },
      'ErrImageNeverPull',
    ],
    ['an image without a shell', { image: 'docker.io/netmachinery-test/static:1' }, 'RunContainerError'],
  ])('%s', async (_, request, reason) => {
    const pod = await runningPod(cluster, namespace, { name: `fails-${reason.toLowerCase()}` });
    const startedAt = performance.now();
    const container = await prepareToolContainer(cluster, pod, request);
    const failure = await refused(execWhenReady(cluster, container, nothing), 'tool');
    expect(failure.reason, failure.message).toBe(reason);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});

test('ends when the pod is deleted meanwhile', async () => {
  const pod = await runningPod(cluster, namespace, { name: 'deleted' });
  const container = { namespace, pod: 'deleted', podUid: pod.metadata.uid, name: 'main', added: false, running: false };
  await prepareToolContainer(cluster, pod, { image: 'docker.io/netmachinery-test/nowhere:1' });
  const waiting = refused(execWhenReady(cluster, { ...container, name: 'netmachinery-1' }, nothing), 'notFound');
  await cluster.delete(podPath(pod), { query: { gracePeriodSeconds: 0 } });
  expect((await waiting).reason).toBe('SourceVanished');
});

test('ends on its signal and at its time limit', async () => {
  const pod = await runningPod(cluster, namespace, { name: 'limited' });
  const request = { image: 'docker.io/netmachinery-test/nowhere:1' };
  const container = await prepareToolContainer(cluster, pod, request);
  const late = await refused(execWhenReady(cluster, container, nothing, { startTimeoutMs: 200 }), 'tool');
  expect(late.message).toMatch(/did not start within 0\.2 s/);
  const signal = AbortSignal.timeout(200);
  await refused(execWhenReady(cluster, container, { ...nothing, signal }), 'interrupted');
});

test('an answer that cannot be understood is no interruption', async () => {
  // The pod as no API server sends it: what reads it fails.
  const proxy = await faultProxy(({ url = '' }) =>
    url.includes('/exec?')
      ? { status: 500, body: 'container not found ("netmachinery-1")' }
      : { status: 200, body: '{"kind":"Pod"}' },
  );
  const through = await connectCluster({ kubeconfig: '/dev/null', server: proxy.url });
  const container = { namespace, pod: 'any', podUid: '', name: 'netmachinery-1', added: true, running: false };
  const failure = await refused(execWhenReady(through, container, nothing), 'bug');
  expect(failure.cause).toBeInstanceOf(TypeError);
  through.close();
  await proxy.close();
});

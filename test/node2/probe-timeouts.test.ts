// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { Effects } from '../../src/model/shaping.js';
import { probesAtRisk } from '../../src/shaping/probe-timeouts.js';
import { createReady, getPod, images, kubectl, podManifest } from '../e2e/kubectl.js';
import { onEachBoot } from './each-boot.js';

let namespace = '';

const often = { periodSeconds: 1, failureThreshold: 2 };

onEachBoot('probes', async (own) => {
  namespace = own;
  const containers = [
    { name: 'http', image: images.web, readinessProbe: { httpGet: { port: 8080, path: '/' }, ...often } },
    {
      name: 'tcp',
      image: images.toolbox,
      command: ['sleep', '600'],
      securityContext: { runAsUser: 0, capabilities: { add: ['NET_ADMIN'] } },
      readinessProbe: { tcpSocket: { port: 8080 }, ...often },
    },
  ];
  await createReady(namespace, podManifest('probed', { node: 'node2', spec: { containers } }));
});

async function unready(): Promise<string[]> {
  const { status } = await getPod(namespace, 'probed');
  return (status?.containerStatuses ?? []).filter(({ ready }) => ready !== true).map(({ name }) => name);
}

test('the kubelet fails exactly those probes that are said to be at risk', { timeout: 600_000 }, async () => {
  const pod = await getPod(namespace, 'probed');
  for (const ms of [350, 650, 1300]) {
    const effects: Effects = { delay: { us: ms * 1000 } };
    const atRisk = probesAtRisk(pod, { effects, direction: 'egress' }, 60_000).map((line) =>
      line.replace(/.* container (\w+) .*/, '$1'),
    );
    const netem = ['tc', 'qdisc', 'replace', 'dev', 'eth0', 'root', 'netem', 'delay', `${ms}ms`];
    await kubectl(['exec', '-n', namespace, 'probed', '-c', 'tcp', '--', ...netem]);
    // Long enough for two probes of each container to fail if they do.
    await new Promise((resolve) => setTimeout(resolve, 5000));
    await expect.poll(unready, { timeout: 120_000, interval: 1000 }).toEqual(atRisk);
  }
  expect(await unready()).toEqual(['http', 'tcp']);
});

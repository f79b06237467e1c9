// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ShapeReport } from '../../src/model/shaping.js';
import { netmachinery } from './cli.js';
import { createNamespace, createReady, deleteNamespace, getPod, podManifest } from './kubectl.js';
import { serverPod } from './manifests.js';
import { expectRefusal } from './refusal.js';
import { rulesOf, shapedPod, shapeReport } from './shapes.js';

let namespace = '';

beforeAll(async () => {
  namespace = await createNamespace('shape-refused');
  const pods = ['dry'];
  await createReady(
    namespace,
    serverPod('server'),
    ...pods.map((name) => shapedPod(name)),
    podManifest('probed', {
      spec: {
        containers: [
          {
            name: 'main',
            image: 'docker.io/netmachinery-test/web:1',
            livenessProbe: { httpGet: { path: '/', port: 8080 }, timeoutSeconds: 1, periodSeconds: 5 },
          },
        ],
      },
    }),
    podManifest('on-node', {
      spec: {
        hostNetwork: true,
        containers: [{ name: 'main', image: 'docker.io/netmachinery-test/toolbox:1', command: ['sleep', 'infinity'] }],
      },
    }),
  );
});
afterAll(() => deleteNamespace(namespace));

const shape = (pod: string, ...flags: string[]) => shapeReport([`pod/${pod}`, '-n', namespace, ...flags]);

describe('nothing is touched where', () => {
  const refuse = async (args: string[], expected: Parameters<typeof expectRefusal>[1]) =>
    expectRefusal(await netmachinery(['shape', ...args, '-n', namespace]), expected);

  it('a probe of the kubelet would fail', async () => {
    await refuse(['pod/probed', '--partition'], { exitCode: 2, error: /probed.*liveness/, hint: '--peer' });
    expect((await getPod(namespace, 'probed')).spec.ephemeralContainers).toBeUndefined();
  });

  it('the network is the node’s', async () => {
    await refuse(['pod/on-node', '--rate', '1mbit'], {
      exitCode: 2,
      error: 'the node would be shaped',
      hint: '--allow-host-network',
    });
    await refuse(['pod/on-node', '--rate', '1mbit', '--allow-host-network'], { exitCode: 2, error: '--peer' });
  });

  it('the kernel cannot do it', async () => {
    const { report, exitCode } = await shape('dry', '--delay', '100ms');
    expect(report.results).toMatchObject([{ verdict: 'unsupported', reason: 'KernelLacksSupport' }]);
    expect(report.results[0]?.message).toMatch(/node1.*sch_netem/);
    expect(report.results[0]?.hint).toContain('modprobe sch_netem');
    expect(exitCode).toBe(5);
    expect(await rulesOf(namespace, 'dry')).toBe('');
  });

  it('words and values are wrong', async () => {
    await refuse(['pod/dry'], { exitCode: 2, error: /no effect|nothing/i });
    await refuse(['pod/dry', '--rate', '10mbps'], { exitCode: 2, error: 'mbps', hint: 'mbit' });
    await refuse(['pod/dry', '--reorder', '5%'], { exitCode: 2, error: /reorder/ });
    await refuse(['pod/dry', '--loss', '101%'], { exitCode: 2, error: /101/ });
    await refuse(['pod/dry', '--delay', '1ms', '--duration', '2h'], { exitCode: 2, error: '--yes' });
    await refuse(['pod/dry', '--delay', '1ms', '--peer', 'svc/nobody'], { exitCode: 2, error: /nobody/ });
    await refuse(['pod/dry', '--delay', '1ms', '--peer', 'pod/server:80'], {
      exitCode: 2,
      error: /port/,
      hint: '--port',
    });
    await refuse(['pod/dry', '--delay', '1ms', '--interface', 'eth0;reboot'], { exitCode: 2, error: /interface/ });
    await refuse(['pod/dry', '--delay', '1ms', '--', 'rm', '-rf'], { exitCode: 2, error: /"rm"/ });
  });

  it('it is a dry run: the commands are printed', async () => {
    const run = await netmachinery([
      'shape',
      'dry',
      '-n',
      namespace,
      '--delay',
      '100ms',
      '--peer',
      'pod/server',
      '--direction',
      'both',
      '--dry-run=client',
    ]);
    expect(run.stdout).toMatch(/^# pod shape-refused-\w+\/dry on node1\n/);
    expect(run.stdout).toContain('tc qdisc add dev eth0 root handle 6e6d: htb');
    expect(run.stdout).toContain('ip link add');
    expect(run.exitCode).toBe(0);
    const server = await netmachinery([
      'shape',
      'dry',
      '-n',
      namespace,
      '--delay',
      '100ms',
      '--dry-run=server',
      '-o',
      'json',
    ]);
    expect((JSON.parse(server.stdout) as ShapeReport).results).toMatchObject([{ verdict: 'pass' }]);
    expect(await rulesOf(namespace, 'dry')).toBe('');
  });
});

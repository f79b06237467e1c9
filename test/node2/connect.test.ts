// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { report } from '../e2e/cli.js';
import { createReady, images } from '../e2e/kubectl.js';
import { prepared, serverPod, serverPorts } from '../e2e/manifests.js';
import { resultOf } from '../e2e/results.js';
import { onEachBoot } from './each-boot.js';

const delayMs = 40;
/** The emulated machine is slow, and slower when others work beside it. */
const patience = ['--connect-timeout', '15s', '--timeout', '5m'];

/** Every packet that leaves the pod is late, which only the kernel of node2 can do. */
const late = prepared(`tc qdisc add dev eth0 root netem delay ${delayMs}ms`);
/** Ready when it listens: on node2 that is some time after its container was started. */
const slowServer = {
  name: 'main',
  image: images.web,
  ports: serverPorts,
  readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
};

let own = '';

onEachBoot('connect-node2', async (namespace) => {
  own = namespace;
  await createReady(
    own,
    serverPod('here'),
    serverPod('far', { node: 'node2', spec: { ...late, containers: [slowServer] } }),
  );
});

describe('a pod on another node', () => {
  it('is connected to, in the time that its packets take', async () => {
    const run = await report(['connect', '-n', own, 'here', 'pod/far:8080', '--ip-families', 'both', ...patience]);
    expect(run.exitCode, JSON.stringify(run.report.results)).toBe(0);
    expect(run.report.results).toHaveLength(2);
    for (const { destination, rttMs } of run.report.results) {
      expect(destination.node).toBe('node2');
      expect(rttMs?.min).toBeGreaterThan(delayMs - 1);
      expect(rttMs?.min).toBeLessThan(delayMs + 60);
    }
  });

  it('connects out, and the source is named with its node', async () => {
    const run = await report(['connect', '-n', own, 'far', 'pod/here:8080,81', 'udp://pod/here:9000', ...patience]);
    expect(run.exitCode).toBe(1);
    expect(run.report.results[0]?.source).toMatchObject({ pod: 'far', node: 'node2' });
    const open = resultOf(run.report, { port: 8080 });
    expect(open).toMatchObject({ verdict: 'pass', reason: 'Connected' });
    expect(open.rttMs?.min).toBeGreaterThan(delayMs - 1);
    expect(resultOf(run.report, { port: 81 }).reason).toBe('Refused');
    expect(resultOf(run.report, { port: 9000 }).reason).toBe('Answered');
  });
});

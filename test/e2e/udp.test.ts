// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { netmachinery, report } from './cli.js';
import { createNamespace, createReady, deleteNamespace, images, kubectl, podManifest } from './kubectl.js';
import { ephemeralContainers, filteredPod, readySlices, serverPod, service } from './manifests.js';
import { ownPods } from './own-pods.js';
import { hintsOf, resultOf } from './results.js';

const listener = 'sleep 2147483647 | nc -u -l 7000 > /tmp/received';

let namespace: string;

beforeAll(async () => {
  namespace = await createNamespace('udp');
  const sink = { labels: { app: 'sink' } };
  await createReady(
    namespace,
    service('sink', {
      selector: { app: 'sink' },
      ports: [{ name: 'sink', port: 53000, targetPort: 9001, protocol: 'UDP' }],
    }),
    serverPod('client'),
    serverPod('server'),
    serverPod('untouched'),
    serverPod('sink-1', sink),
    serverPod('sink-2', sink),
    filteredPod('filtered', 'input', ['udp dport 9001 drop', 'udp dport 9000 reject with icmpx type admin-prohibited']),
    podManifest('listener', { image: images.toolbox, command: ['sh', '-c', listener] }),
  );
  await readySlices(namespace, 'sink', 2);
});

afterAll(() => deleteNamespace(namespace));

const udp = (...args: string[]) => report(['connect', '-n', namespace, 'client', ...args, '--protocol', 'udp']);
const quick = ['--connect-timeout', '1s'];

describe('a datagram', () => {
  it('that is answered has arrived, over both families', async () => {
    const { report: found, exitCode } = await udp('pod/server:9000', '--ip-families', 'both');
    expect(exitCode).toBe(0);
    expect(found.results).toHaveLength(2);
    for (const result of found.results) {
      expect(result).toMatchObject({
        probe: 'udp',
        verdict: 'pass',
        reason: 'Answered',
        udpProof: 'answer',
      });
      // A shell cannot measure it without its own forks in it, and says nothing rather than that.
      expect(result.rttMs).toBeUndefined();
    }
  });

  it('goes beside TCP in one run by its scheme', async () => {
    const run = await report(['connect', '-n', namespace, 'client', 'udp://pod/server:echo', 'pod/server:8080']);
    expect(run.exitCode).toBe(0);
    expect(run.report.results.map(({ probe, reason }) => `${probe} ${reason}`)).toEqual([
      'udp Answered',
      'tcp Connected',
    ]);
  });

  it('on port 53 is a question that DNS servers answer', async () => {
    const { report: found, exitCode } = await udp('kube-system/svc/kube-dns:53');
    expect(exitCode).toBe(0);
    const kinds = found.results.map(({ destination }) => destination.kind);
    expect(kinds[0]).toBe('service');
    expect(kinds.filter((kind) => kind === 'endpoint').length).toBeGreaterThanOrEqual(1);
    expect(found.results.every(({ reason }) => reason === 'Answered')).toBe(true);
  });

  it('to a closed port is refused, and to a prohibited one prohibited', async () => {
    const { report: found, exitCode } = await udp('pod/server:9', 'pod/filtered:9000', '--attempts', '1');
    expect(exitCode).toBe(1);
    expect(resultOf(found, { port: 9 })).toMatchObject({ verdict: 'fail', reason: 'Refused' });
    expect(resultOf(found, { port: 9000 })).toMatchObject({ verdict: 'fail', reason: 'Prohibited' });
  });

  it('that nobody answers says nothing about its arrival', async () => {
    const { report: found, exitCode } = await udp('pod/untouched:9001', ...quick);
    expect(exitCode).toBe(4);
    expect(found.summary).toMatchObject({ total: 1, inconclusive: 1 });
    expect(found.results[0]).toMatchObject({ verdict: 'inconclusive', reason: 'Silent', attempts: 3 });
    expect(found.results[0]?.udpProof).toBeUndefined();
    expect(hintsOf(found, found.results[0])).toEqual([expect.stringContaining('--udp-proof')]);
    expect(await ephemeralContainers(namespace)).not.toHaveProperty('untouched');
    expect((await udp('pod/untouched:9001', ...quick, '--ignore', 'inconclusive')).exitCode).toBe(0);
  });

  it('carries the payload that was asked for, and nothing else', async () => {
    await ownPods(namespace, 'listener');
    const payload = 'it\'s $(id) `id` \\ "quoted" é';
    await udp('pod/listener:7000', '--payload', payload, '--attempts', '1', ...quick);
    const received = () => kubectl(['exec', '-n', namespace, 'listener', '--', 'cat', '/tmp/received']);
    await expect.poll(received, { timeout: 10_000 }).toBe(payload);
  });
});

describe('--udp-proof counters', () => {
  it('shows that silent datagrams arrived, from inside the destination, which is named beforehand', async () => {
    const run = await udp('pod/server:9001', '--udp-proof', 'counters', ...quick);
    expect(run.exitCode).toBe(0);
    expect(run.report.results[0]).toMatchObject({
      verdict: 'pass',
      reason: 'Delivered',
      udpProof: 'counters',
      attempts: 3,
    });
    expect(run.report.results[0]?.message).toMatch(/rose by \d+, 3 datagrams were sent/);
    expect(run.stderr).toContain(`entered as well: ${namespace}/server`);
    expect((await ephemeralContainers(namespace))['server']).toEqual(['netmachinery-1']);
  });

  it('shows that datagrams were dropped before the socket', async () => {
    const { report: found, exitCode } = await udp('pod/filtered:9001', '--udp-proof', 'counters', ...quick);
    expect(exitCode).toBe(4);
    expect(found.results[0]).toMatchObject({ verdict: 'inconclusive', reason: 'Silent' });
    expect(found.results[0]?.message).toMatch(/counters rose by 0, 3 datagrams were sent/);
    expect(found.results[0]?.udpProof).toBeUndefined();
  });

  it('is made for each endpoint of a Service', async () => {
    const { report: found } = await udp('svc/sink:53000', '--udp-proof', 'counters', ...quick);
    for (const name of ['sink-1', 'sink-2']) {
      expect(resultOf(found, { name })).toMatchObject({ verdict: 'pass', reason: 'Delivered', udpProof: 'counters' });
    }
    // Any of the two may have got what the virtual address was sent.
    expect(resultOf(found, { kind: 'service' }).reason).toBe('Silent');
  });

  it('counts the pods that it enters', async () => {
    const words = ['connect', '-n', namespace, 'client', 'udp://pod/untouched:9001', '--udp-proof', 'counters'];
    const run = await netmachinery([...words, '--max-pods', '1']);
    expect(run.exitCode).toBe(2);
    expect(run.stdout).toBe('');
    expect(run.stderr).toContain('--max-pods 2');
    expect(await ephemeralContainers(namespace)).not.toHaveProperty('untouched');
  });
});

describe('--udp-proof capture', () => {
  it('sees each endpoint get its own datagrams', async () => {
    const { report: found } = await udp('svc/sink:53000', '--udp-proof', 'capture', ...quick);
    for (const name of ['sink-1', 'sink-2']) {
      expect(resultOf(found, { name })).toMatchObject({ verdict: 'pass', reason: 'Delivered', udpProof: 'capture' });
    }
    expect((await ephemeralContainers(namespace))['sink-1']).toContain('netmachinery-raw-1');
  });

  it('is refused by a namespace that allows no added rights, which proves nothing', async () => {
    const tight = await createNamespace('udp-tight', { 'pod-security.kubernetes.io/enforce': 'restricted' });
    try {
      const securityContext = {
        runAsNonRoot: true,
        runAsUser: 10001,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      };
      const containers = [{ name: 'main', image: images.web, securityContext }];
      await createReady(tight, podManifest('server', { spec: { containers } }));
      const run = await udp(`${tight}/pod/server:9001`, '--udp-proof', 'capture', ...quick);
      expect(run.exitCode).toBe(4);
      expect(run.report.results[0]).toMatchObject({ verdict: 'inconclusive', reason: 'Silent' });
      expect(run.report.results[0]?.message).toMatch(/no proof: .*PodSecurity/);
      expect(await ephemeralContainers(tight)).toEqual({});
      const counted = await udp(`${tight}/pod/server:9001`, '--udp-proof', 'counters', ...quick);
      expect(counted.report.results[0]?.reason).toBe('Delivered');
    } finally {
      await deleteNamespace(tight);
    }
  });
});

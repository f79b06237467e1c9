// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { report } from './cli.js';
import { createNamespace, createReady, deleteNamespace, getPod, podManifest } from './kubectl.js';
import { readySlices, serverPod, service } from './manifests.js';
import { resultOf, resultsOf } from './results.js';

let namespace = '';
const quick = ['--count', '2', '--interval', '20ms'];

beforeAll(async () => {
  namespace = await createNamespace('ping');
  await createReady(
    namespace,
    serverPod('source', { labels: { role: 'client' } }),
    serverPod('source-2', { labels: { role: 'client' } }),
    serverPod('server-1', { labels: { app: 'server' } }),
    serverPod('server-2', { labels: { app: 'server' } }),
    podManifest('lone'),
    service('server', { selector: { app: 'server' }, ports: [{ port: 80, targetPort: 8080 }] }),
    service('headless', { clusterIP: 'None', selector: { app: 'server' }, ports: [{ port: 80 }] }),
  );
  await Promise.all(['server', 'headless'].map((name) => readySlices(namespace, name, 2)));
});
afterAll(() => deleteNamespace(namespace));

async function addressesOf(pod: string): Promise<string[]> {
  return (await getPod(namespace, pod)).status?.podIPs?.map(({ ip }) => ip) ?? [];
}

/** The execs that `-v 6` shows. */
function execs(stderr: string): string[] {
  return stderr.split('\n').filter((line) => /^GET \S+\/exec\?\S+ 101 /.test(line));
}

describe.concurrent('ping', () => {
  it('reaches a pod over both families, with figures that fit together', async () => {
    const both = ['--ip-families', 'both', '--count', '4', '--interval', '20ms'];
    const { exitCode, report: found } = await report(['ping', '-n', namespace, 'source', 'lone', ...both]);
    const addresses = await addressesOf('lone');
    expect(found.results.map(({ destination }) => destination.address)).toEqual(addresses);
    expect(addresses.map((address) => address.includes(':'))).toEqual([false, true]);
    expect(found.results.map(({ source }) => source.ip)).toEqual(await addressesOf('source'));
    for (const result of found.results) {
      expect(result).toMatchObject({ probe: 'icmp', verdict: 'pass', reason: 'EchoReply', sent: 4, received: 4 });
      expect(result).toMatchObject({ lossPercent: 0, duplicates: 0, attempts: 4 });
      const { min = 0, avg = 0, p50 = 0, max = 0, jitter = -1 } = result.rttMs ?? {};
      expect(min).toBeGreaterThan(0);
      expect(min <= avg && min <= p50 && avg <= max && p50 <= max).toBe(true);
      expect(jitter >= 0 && jitter <= max - min).toBe(true);
      expect(result.rttMs).not.toHaveProperty('p95');
    }
    expect(exitCode).toBe(0);
  });

  it('gives p95 from 20 replies on, and p99 from 100', async () => {
    const runs = [20, 100].map((count) =>
      report(['ping', '-n', namespace, 'source', 'lone', '--count', String(count), '--interval', '10ms']),
    );
    const [twenty, hundred] = (await Promise.all(runs)).map(({ report: found }) => found.results[0]?.rttMs);
    expect(twenty).toHaveProperty('p95');
    expect(twenty).not.toHaveProperty('p99');
    expect(hundred?.p99).toBeGreaterThanOrEqual(hundred?.p95 ?? Number.NaN);
  });

  it('tests the endpoints of a Service, and its virtual address as a warning', async () => {
    const { exitCode, report: found } = await report(['ping', '-n', namespace, 'source', 'svc/server', ...quick]);
    expect(found.results.map(({ destination }) => [destination.kind, destination.ref, destination.name])).toEqual([
      ['endpoint', 'svc/server', 'server-1'],
      ['endpoint', 'svc/server', 'server-2'],
    ]);
    expect(found.warnings).toEqual([expect.stringMatching(/^svc\/server: its virtual address 198\.18\.\d+\.\d+ /)]);
    expect(exitCode).toBe(0);
  });

  it('tests the pods of a headless Service, which has no virtual address', async () => {
    const { exitCode, report: found } = await report(['ping', '-n', namespace, 'source', 'svc/headless', ...quick]);
    expect(found.results.map(({ destination }) => destination.name)).toEqual(['server-1', 'server-2']);
    expect(found.warnings).toEqual([]);
    expect(exitCode).toBe(0);
  });

  it('reaches many destinations of every kind in one exec', async () => {
    const [literal = ''] = await addressesOf('server-2');
    // Execs are repeated until a new tool container runs.
    await report(['ping', '-n', namespace, 'source', 'lone', ...quick]);
    const words = ['lone', 'pod/server-1', literal, 'node/node1', 'outside.example', 'host/only-ipv4.example'];
    const ping = ['ping', '-n', namespace, 'source', ...words, ...quick, '-v', '6'];
    const { exitCode, report: found, stderr } = await report(ping);
    expect(found.results.map(({ destination, verdict }) => [destination.kind, destination.ref, verdict])).toEqual([
      ['pod', 'lone', 'pass'],
      ['pod', 'pod/server-1', 'pass'],
      ['ip', literal, 'pass'],
      ['node', 'node/node1', 'pass'],
      ['host', 'outside.example', 'pass'],
      ['host', 'host/only-ipv4.example', 'pass'],
    ]);
    expect(resultOf(found, { ref: 'outside.example' }).destination.address).toBe('198.18.100.1');
    expect(execs(stderr)).toHaveLength(1);
    expect(exitCode).toBe(0);
  });

  it("resolves names inside the source, by its pod's search list", async () => {
    const host = `headless.${namespace}.svc`;
    const { exitCode, report: found } = await report(['ping', '-n', namespace, 'source', `host/${host}`, ...quick]);
    const pods = [...(await addressesOf('server-1')), ...(await addressesOf('server-2'))];
    expect(pods).toContain(resultOf(found, { ref: `host/${host}` }).destination.address);
    expect(exitCode).toBe(0);
  });

  it('pings from every pod with a label to every destination', async () => {
    const matrix = ['-l', 'role=client', '--mode', 'all', 'lone', 'svc/server', 'node/node1'];
    const { exitCode, report: found } = await report(['ping', '-n', namespace, ...matrix, ...quick]);
    expect(found.summary).toMatchObject({ total: 8, pass: 8 });
    for (const pod of ['source', 'source-2']) {
      const own = found.results.filter(({ source }) => source.pod === pod);
      expect(own.map(({ destination }) => destination.name)).toEqual(['lone', 'server-1', 'server-2', 'node1']);
      const [ip] = await addressesOf(pod);
      expect(own.every(({ source }) => source.ip === ip && source.node === 'node1')).toBe(true);
    }
    expect(exitCode).toBe(0);
  });

  it('takes destination pods by label', async () => {
    const byLabel = ['source', '--to-selector', 'app=server', ...quick];
    const { exitCode, report: found } = await report(['ping', '-n', namespace, ...byLabel]);
    expect(resultsOf(found, { kind: 'pod' }).map(({ destination }) => destination.name)).toEqual([
      'server-1',
      'server-2',
    ]);
    expect(exitCode).toBe(0);
  });
});

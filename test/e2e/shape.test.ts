// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { netmachinery, runUntil } from './cli.js';
import { createNamespace, createReady, deleteNamespace, getPod } from './kubectl.js';
import { prepared, serverPod } from './manifests.js';
import { ownPods } from './own-pods.js';
import { expectNoRules, rulesOf, shapedPod, shapeReport, shapesIn } from './shapes.js';

// On node1, whose kernel limits and drops without netem: how long packets wait is measured on node2.
let namespace = '';
const annotation = 'netmachinery.io/shape';

beforeAll(async () => {
  namespace = await createNamespace('shape');
  const pods = ['shown', 'json', 'detached', 'stopped', 'replaced', 'contested', 'companion', 'dry'];
  await createReady(
    namespace,
    serverPod('server'),
    ...pods.map((name) => shapedPod(name)),
    shapedPod('foreign', {
      spec: prepared('tc qdisc add dev eth0 root handle 1: tbf rate 1gbit burst 64kb latency 50ms'),
    }),
  );
});
afterAll(() => deleteNamespace(namespace));

const shape = (pod: string, ...flags: string[]) => shapeReport([`pod/${pod}`, '-n', namespace, ...flags]);

describe('a shape', () => {
  it('takes effect, is measured, and ends by itself', async () => {
    await ownPods(namespace, 'shown');
    const run = await netmachinery([
      'shape',
      'shown',
      '-n',
      namespace,
      '--rate',
      '1mbit',
      '--duration',
      '20s',
      '--verify-to',
      'pod/server',
    ]);
    expect(run.stderr).toMatch(/^Note: 1 pod gets an ephemeral container .* NET_ADMIN/m);
    expect(run.stderr).toMatch(
      /shown: rate 1mbit on eth0 \(egress, all packets\) until \d\d:\d\d:\d\d: .*Mbit\/s \(asked 1\.00 Mbit\/s\)/,
    );
    expect(run.stdout).toMatch(/shown.*rate 1mbit.*pass/);
    expect(run.exitCode).toBe(0);
    expect(await rulesOf(namespace, 'shown')).toBe('');
    expect((await getPod(namespace, 'shown')).metadata.annotations?.[annotation]).toBeUndefined();
  });

  it('is described by a report', async () => {
    await ownPods(namespace, 'json');
    const { report, exitCode } = await shape(
      'json',
      '--partition',
      '--duration',
      '12s',
      '--verify-to',
      'pod/server',
      '--reason',
      'INC-1',
    );
    expect(report).toMatchObject({ kind: 'ShapeReport', dryRun: 'none' });
    expect(report.results).toMatchObject([
      {
        id: 's1',
        pod: 'json',
        node: 'node1',
        verdict: 'pass',
        reason: 'Verified',
        by: ['nft'],
        shape: {
          effects: { partition: true },
          direction: 'egress',
          interface: 'eth0',
          reason: 'INC-1',
          caller: 'admin',
        },
      },
    ]);
    const [result] = report.results;
    expect(result?.measurements).toMatchObject([
      { what: 'lossPercent', before: 0, during: 100, expected: 100, agrees: true },
    ]);
    expect(result?.droppedPackets).toBeGreaterThan(0);
    expect(result?.clearedAt).toMatch(/Z$/);
    expect(exitCode).toBe(0);
  });

  it('goes on without us when detached, is listed, and is cleared by name', async () => {
    await ownPods(namespace, 'detached');
    const { report } = await shape('detached', '--rate', '5mbit', '--duration', '2m', '--detach', '--no-verify');
    expect(report.results).toMatchObject([{ verdict: 'pass', reason: 'EffectNotMeasured' }]);
    expect(await rulesOf(namespace, 'detached')).toContain('qdisc htb 6e6d: ');
    const listed = await shapesIn(namespace);
    expect(listed.find(({ pod }) => pod === 'detached')).toMatchObject({
      state: 'active',
      shape: { effects: { rateBitsPerSecond: 5e6 } },
    });
    const cleared = await netmachinery(['heal', 'pod/detached', '-n', namespace]);
    expect(cleared.stdout).toMatch(/detached.*cleared/);
    expect(cleared.exitCode).toBe(0);
    await expectNoRules(namespace, 'detached');
    expect((await shapesIn(namespace)).filter(({ pod }) => pod === 'detached')).toEqual([]);
  });

  it('is cleared by Ctrl-C', async () => {
    await ownPods(namespace, 'stopped');
    const args = ['shape', 'stopped', '-n', namespace, '--rate', '5mbit', '--duration', '2m', '--no-verify'];
    const isShaped = (stderr: string) => Promise.resolve(/ until \d\d:/.test(stderr));
    const run = await runUntil(args, isShaped, 'SIGINT');
    expect(run.exitCode).toBe(130);
    expect(await rulesOf(namespace, 'stopped')).toBe('');
    expect((await getPod(namespace, 'stopped')).metadata.annotations?.[annotation]).toBeUndefined();
  });

  it('is refused where there is one, and replaced when asked', async () => {
    await ownPods(namespace, 'replaced');
    await shape('replaced', '--rate', '5mbit', '--duration', '2m', '--detach', '--no-verify');
    const second = await shape('replaced', '--rate', '1mbit', '--duration', '5s', '--no-verify');
    expect(second.report.results).toMatchObject([{ verdict: 'error', reason: 'AlreadyShaped' }]);
    expect(second.report.results[0]?.message).toMatch(/already shaped: rate 5mbit on eth0 by admin, until \d\d:/);
    expect(second.exitCode).toBe(3);
    const third = await shape('replaced', '--rate', '1mbit', '--duration', '4s', '--replace', '--no-verify');
    expect(third.report.results).toMatchObject([{ verdict: 'pass', shape: { effects: { rateBitsPerSecond: 1e6 } } }]);
    expect(third.exitCode).toBe(0);
    expect(await rulesOf(namespace, 'replaced')).toBe('');
  });

  it('of two who come at the same time is that of one, and the other is told', async () => {
    await ownPods(namespace, 'contested');
    const both = await Promise.all(
      ['1mbit', '2mbit'].map((rate) => shape('contested', '--rate', rate, '--duration', '5s', '--no-verify')),
    );
    expect(both.map(({ exitCode }) => exitCode).sort()).toEqual([0, 3]);
    const refused = both.find(({ exitCode }) => exitCode === 3)?.report.results[0];
    expect(refused).toMatchObject({ reason: 'AlreadyShaped' });
    expect(refused?.message).toMatch(/already shaped: rate [12]mbit on eth0 by admin, until/);
    await expectNoRules(namespace, 'contested');
  });

  it('leaves a foreign root qdisc alone', async () => {
    await ownPods(namespace, 'foreign');
    const before = await rulesOf(namespace, 'foreign');
    const { report, exitCode } = await shape('foreign', '--rate', '1mbit', '--duration', '5s');
    expect(report.results).toMatchObject([{ verdict: 'unsupported', reason: 'ForeignQdisc' }]);
    expect(report.results[0]?.message).toContain('tbf');
    expect(exitCode).toBe(5);
    expect(await rulesOf(namespace, 'foreign')).toBe(before);
    await netmachinery(['shape', 'clear', 'pod/foreign', '-n', namespace]);
    expect(await rulesOf(namespace, 'foreign')).toBe(before);
  });

  it('lasts as long as a command of ours, whose output and exit code it has', async () => {
    await ownPods(namespace, 'companion');
    const words = ['shape', 'companion', '-n', namespace, '--partition', '--peer', 'pod/server', '--no-verify'];
    const run = await netmachinery([
      ...words,
      '--',
      'ping',
      'companion',
      'server',
      '--count',
      '2',
      '--connect-timeout',
      '500ms',
    ]);
    expect(run.stdout).toMatch(/server.*fail.*NoReply/);
    expect(run.exitCode).toBe(1);
    expect(await rulesOf(namespace, 'companion')).toBe('');
    const denied = await netmachinery([
      ...words,
      '--',
      'ping',
      'companion',
      'server',
      '--expect',
      'deny',
      '--control',
      'pod/dry',
      '--count',
      '2',
      '--connect-timeout',
      '500ms',
      '-o',
      'json',
    ]);
    expect(JSON.parse(denied.stdout)).toMatchObject({ summary: { total: 1, pass: 1 } });
    expect(denied.exitCode).toBe(0);
  });
});

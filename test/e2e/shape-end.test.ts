// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchers, netmachinery } from './cli.js';
import { createNamespace, createReady, deleteNamespace, getPod, kubectl } from './kubectl.js';
import { during } from './during.js';
import { readySlices, serverPod, service } from './manifests.js';
import { ownPods } from './own-pods.js';
import { expectNoRules, expectShaped, killToolContainer, rulesOf, shapedPod, shapeReport, shapesIn } from './shapes.js';

// On node1, whose kernel limits and drops without netem: how long packets wait is measured on node2.
let namespace = '';

beforeAll(async () => {
  namespace = await createNamespace('shape-end');
  const pods = ['killed', 'orphaned', 'all-a', 'all-b', 'early', 'restarted', 'deleted', 'silent', 'followed'];
  await createReady(namespace, ...pods.map((name) => shapedPod(name)));
});
afterAll(() => deleteNamespace(namespace));

const shape = (pod: string, ...flags: string[]) => shapeReport([`pod/${pod}`, '-n', namespace, ...flags]);

describe('a shape, once it lasts,', () => {
  it('ends in time when we are killed', async () => {
    await ownPods(namespace, 'killed');
    const [command, ...prefix] = launchers.executable;
    const child = spawn(
      command,
      [...prefix, 'shape', 'killed', '-n', namespace, '--rate', '5mbit', '--duration', '6s', '--no-verify'],
      { stdio: 'ignore' },
    );
    await expectShaped(namespace, 'killed');
    await sleep(1000);
    child.kill('SIGKILL');
    expect(await rulesOf(namespace, 'killed')).toContain('qdisc htb 6e6d: ');
    await expectNoRules(namespace, 'killed');
  });

  it('whose tool container was killed is listed as such, and healed', async () => {
    await ownPods(namespace, 'orphaned');
    await shape('orphaned', '--rate', '5mbit', '--duration', '2m', '--detach', '--no-verify');
    await killToolContainer(namespace, 'orphaned', 'netmachinery-admin-1');
    await expect
      .poll(async () => (await shapesIn(namespace)).find(({ pod }) => pod === 'orphaned')?.state, { timeout: 15_000 })
      .toBe('tool container gone');
    expect(await rulesOf(namespace, 'orphaned')).toContain('qdisc htb 6e6d: ');
    const healed = await netmachinery(['shape', 'clear', 'pod/orphaned', '-n', namespace, '-o', 'json']);
    expect(JSON.parse(healed.stdout)).toMatchObject({
      kind: 'ClearReport',
      items: [{ pod: 'orphaned', outcome: 'cleared' }],
    });
    expect(healed.exitCode).toBe(0);
    expect(await rulesOf(namespace, 'orphaned')).toBe('');
  });

  it('of several pods is of all of them or none', async () => {
    await ownPods(namespace, 'all-a', 'all-b');
    await shape('all-b', '--rate', '5mbit', '--duration', '1m', '--detach', '--no-verify');
    const both = ['pod/all-a', 'pod/all-b', '-n', namespace, '--rate', '1mbit', '--duration', '3s', '--no-verify'];
    const refused = await shapeReport(both);
    expect(refused.report.results).toMatchObject([
      { pod: 'all-a', reason: 'NotShaped' },
      { pod: 'all-b', reason: 'AlreadyShaped' },
    ]);
    expect(refused.exitCode).toBe(3);
    expect(await rulesOf(namespace, 'all-a')).toBe('');
    const going = await shapeReport([...both, '--keep-going']);
    expect(going.report.results).toMatchObject([
      { pod: 'all-a', verdict: 'pass' },
      { pod: 'all-b', reason: 'AlreadyShaped' },
    ]);
    expect(await rulesOf(namespace, 'all-a')).toBe('');
  });

  it('that somebody clears before its time is inconclusive', async () => {
    await ownPods(namespace, 'early');
    const running = shape('early', '--rate', '5mbit', '--duration', '1m', '--no-verify');
    await expectShaped(namespace, 'early');
    await sleep(1000);
    await netmachinery(['shape', 'clear', 'pod/early', '-n', namespace]);
    const { report, exitCode } = await running;
    expect(report.results).toMatchObject([{ verdict: 'inconclusive', reason: 'EndedEarly' }]);
    expect(exitCode).toBe(4);
  });

  it('stays when the application restarts, and ends all the same', async () => {
    await ownPods(namespace, 'restarted');
    const running = shape('restarted', '--rate', '5mbit', '--duration', '8s', '--no-verify');
    await expectShaped(namespace, 'restarted');
    await kubectl(['exec', '-n', namespace, 'restarted', '-c', 'main', '--', 'sh', '-c', 'kill -9 1; kill 1']).catch(
      () => '',
    );
    const { report, exitCode } = await running;
    expect(report.results).toMatchObject([{ verdict: 'pass' }]);
    expect(exitCode).toBe(0);
  });

  it('ends with its pod', async () => {
    await ownPods(namespace, 'deleted');
    const running = shape('deleted', '--rate', '5mbit', '--duration', '1m', '--no-verify');
    await expectShaped(namespace, 'deleted');
    await kubectl(['delete', 'pod', '-n', namespace, 'deleted', '--wait=false']);
    const { report, exitCode } = await running;
    expect(report.results).toMatchObject([{ verdict: 'inconclusive', reason: 'PodVanished' }]);
    expect(exitCode).toBe(4);
  });

  it('that no packet matched did nothing, and says so', async () => {
    await ownPods(namespace, 'silent');
    const { report, exitCode } = await shape(
      'silent',
      '--rate',
      '1mbit',
      '--peer',
      '198.18.99.99',
      '--duration',
      '2s',
      '--no-verify',
    );
    expect(report.results).toMatchObject([{ verdict: 'inconclusive', reason: 'NothingMatched' }]);
    expect(exitCode).toBe(4);
  });

  it('follows its peers', async () => {
    await ownPods(namespace, 'followed');
    const moving = (name: string) => serverPod(name, { labels: { app: 'moving' } });
    const ports = [{ port: 8080 }];
    await kubectl(['delete', 'pod', '-n', namespace, 'moving-b', '--ignore-not-found', '--now']);
    await createReady(namespace, moving('moving-a'), service('moving', { selector: { app: 'moving' }, ports }));
    await readySlices(namespace, 'moving', 1);
    const args = [
      'shape',
      'followed',
      '-n',
      namespace,
      '--partition',
      '--peer',
      'svc/moving',
      '--follow',
      '--no-verify',
    ];
    const run = await during(
      [...args, '--duration', '20s', '-o', 'json'],
      async () => (await rulesOf(namespace, 'followed')).includes('6e6d:'),
      async () => {
        await createReady(namespace, moving('moving-b'));
        const address = (await getPod(namespace, 'moving-b')).status?.podIP ?? '';
        const ping = () =>
          netmachinery(['ping', 'followed', address, '-n', namespace, '--count', '1', '--connect-timeout', '500ms']);
        await expect.poll(async () => (await ping()).exitCode, { timeout: 12_000 }).toBe(1);
      },
    );
    expect(run.stderr).toMatch(/Note: pod \S+\/followed: now for /);
    expect(run.exitCode).toBe(0);
  });
});

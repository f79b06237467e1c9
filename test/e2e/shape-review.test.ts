// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ShapeReport } from '../../src/model/shaping.js';
import { netmachinery, runUntil } from './cli.js';
import { during } from './during.js';
import { createNamespace, createReady, deleteNamespace, getPod, kubectl } from './kubectl.js';
import { serverPod } from './manifests.js';
import { ownPods } from './own-pods.js';
import { expectRefusal } from './refusal.js';
import { expectShaped, killToolContainer, rulesOf, shapedPod, shapeReport, shapesIn } from './shapes.js';

// Ways in which a shape could stay behind, or be said to have ended otherwise than it did.
let namespace = '';
const pods = ['brief', 'cut-a', 'cut-b', 'turned', 'orphan', 'beside', 'stolen', 'unheard', 'peer'];

beforeAll(async () => {
  namespace = await createNamespace('shape-review');
  await createReady(namespace, ...pods.map((name) => shapedPod(name)));
});
afterAll(() => deleteNamespace(namespace));

const shape = (pod: string, ...flags: string[]) =>
  shapeReport([`pod/${pod}`, '-n', namespace, '--rate', '5mbit', '--no-verify', ...flags]);

describe('a shape', () => {
  it('that ends by itself is never taken for one that was killed', async () => {
    await ownPods(namespace, 'brief');
    for (let run = 0; run < 5; run += 1) {
      const { report, exitCode } = await shape('brief', '--direction', 'both', '--duration', '3s');
      expect(report.results).toMatchObject([{ verdict: 'pass', reason: 'EffectNotMeasured' }]);
      expect(exitCode).toBe(0);
    }
  });

  it('that is being made when a signal comes does not stay', async () => {
    await ownPods(namespace, 'cut-a', 'cut-b');
    const args = ['shape', 'cut-a', 'cut-b', '-n', namespace, '--rate', '5mbit', '--direction', 'both', '--no-verify'];
    const isBegun = async () => (await rulesOf(namespace, 'cut-a')) + (await rulesOf(namespace, 'cut-b')) !== '';
    const run = await runUntil([...args, '--duration', '2m'], isBegun, 'SIGINT');
    expect(run.exitCode).toBe(130);
    for (const pod of ['cut-a', 'cut-b']) {
      expect(await rulesOf(namespace, pod)).toBe('');
      expect((await getPod(namespace, pod)).metadata.annotations?.['netmachinery.io/shape']).toBeUndefined();
    }
  });

  it('is replaced by one of other directions, which takes more than a change', async () => {
    await ownPods(namespace, 'turned');
    await shape('turned', '--direction', 'ingress', '--duration', '2m', '--detach');
    const { report, exitCode } = await shape('turned', '--direction', 'both', '--duration', '4s', '--replace');
    expect(report.results).toMatchObject([{ verdict: 'pass', shape: { direction: 'both' } }]);
    expect(exitCode).toBe(0);
    expect(await rulesOf(namespace, 'turned')).toBe('');
  });

  it('takes the place of one whose tool container was killed', async () => {
    await ownPods(namespace, 'orphan');
    await shape('orphan', '--duration', '2m', '--detach');
    await killToolContainer(namespace, 'orphan', 'netmachinery-admin-1');
    const isLeft = async () => (await shapesIn(namespace)).find(({ pod }) => pod === 'orphan')?.state;
    await expect.poll(isLeft, { timeout: 20_000 }).toBe('tool container gone');
    const { report, exitCode } = await shape('orphan', '--duration', '4s', '--replace');
    expect(report.results).toMatchObject([{ verdict: 'pass' }]);
    expect(exitCode).toBe(0);
    expect(await rulesOf(namespace, 'orphan')).toBe('');
  });

  it('that was changed in place counts its own packets only', async () => {
    await ownPods(namespace, 'unheard');
    await shape('unheard', '--duration', '2m', '--detach');
    await netmachinery(['ping', 'unheard', 'peer', '-n', namespace, '--count', '3']);
    const { report, exitCode } = await shape('unheard', '--peer', '198.18.99.99', '--duration', '4s', '--replace');
    expect(report.results).toMatchObject([{ verdict: 'inconclusive', reason: 'NothingMatched', packets: 0 }]);
    expect(exitCode).toBe(4);
  });

  it('whose tool container is killed while we look is cleared from here', async () => {
    await ownPods(namespace, 'peer');
    const running = shape('peer', '--duration', '2m');
    await expectShaped(namespace, 'peer');
    await sleep(1000);
    const { spec } = await getPod(namespace, 'peer');
    const admin = spec.ephemeralContainers?.find(({ name }) => name.includes('-admin-'))?.name ?? '';
    await killToolContainer(namespace, 'peer', admin);
    const { report, exitCode } = await running;
    expect(report.results).toMatchObject([{ verdict: 'inconclusive', reason: 'EndedEarly' }]);
    expect(report.results[0]?.message).toMatch(/its tool container has ended; the rules were cleared from here/);
    expect(exitCode).toBe(4);
    expect(await rulesOf(namespace, 'peer')).toBe('');
  });
});

describe('a followed peer', () => {
  it('that has no address for a while leaves the shape as it is', async () => {
    await ownPods(namespace, 'cut-a');
    await createReady(namespace, serverPod('fading'));
    const args = ['shape', 'cut-a', '-n', namespace, '--partition', '--peer', 'pod/fading', '--follow', '--no-verify'];
    const run = await during(
      [...args, '--duration', '15s', '-o', 'json'],
      async () => (await rulesOf(namespace, 'cut-a')).includes('6e6d:'),
      async () => {
        await kubectl(['delete', 'pod', '-n', namespace, 'fading', '--wait=false']);
      },
    );
    expect(run.stderr).toMatch(/Note: pod \S+\/cut-a: its peers stay as they were: /);
    expect((JSON.parse(run.stdout) as ShapeReport).results).toMatchObject([{ reason: 'NothingMatched' }]);
  });
});

describe('a command beside a shape', () => {
  const beside = (pod: string, count: string) => [
    ...['shape', pod, '-n', namespace, '--rate', '5mbit', '--no-verify'],
    ...['--', 'ping', pod, 'brief', '--count', count, '--interval', '1s'],
  ];

  it('is not left behind by a signal', async () => {
    await ownPods(namespace, 'beside');
    const isRunning = async (stderr: string) => {
      if (!/ until \d\d:/.test(stderr)) return false;
      await sleep(3000);
      return true;
    };
    const run = await runUntil(beside('beside', '60'), isRunning, 'SIGINT');
    expect(run.exitCode).toBe(130);
    // It has written its report before we ended.
    expect(run.stdout).toMatch(/brief/);
    expect(await rulesOf(namespace, 'beside')).toBe('');
  });

  it('has inconclusive results where the shape ended before it', async () => {
    await ownPods(namespace, 'stolen');
    const running = netmachinery(beside('stolen', '5'));
    await expectShaped(namespace, 'stolen');
    await netmachinery(['shape', 'clear', 'pod/stolen', '-n', namespace]);
    const run = await running;
    expect(run.stderr).toMatch(/stolen: somebody cleared the shape before its time/);
    expect(run.exitCode).toBe(4);
  });
});

describe('words', () => {
  const refuse = async (args: string[], expected: Parameters<typeof expectRefusal>[1]) =>
    expectRefusal(await netmachinery(['shape', 'brief', '-n', namespace, '--rate', '1mbit', ...args]), expected);

  it('of peers without an address are those of a peer, not of the pod', async () => {
    await refuse(['--peer', 'pod/brief'], { exitCode: 2, error: 'the pod itself is its only peer' });
    await refuse(['--peer', 'host/nobody.invalid'], { exitCode: 2, error: 'cannot resolve nobody.invalid' });
  });

  it('of commands that harm beside a shape are refused', async () => {
    await refuse(['--', 'shape:clear', 'brief'], { exitCode: 2, error: 'shape:clear' });
    await refuse(['--', 'constructor'], { exitCode: 2, error: 'constructor' });
  });

  it('of dry runs say what they found', async () => {
    const args = ['shape', 'brief', '-n', namespace, '--rate', '1mbit'];
    const server = await netmachinery([...args, '--dry-run=server']);
    expect(server.stdout).toMatch(/brief would be shaped \(server dry run\): .*\n$/);
    expect((await netmachinery([...args, '--dry-run=server', '-o', 'name'])).stdout).toBe('pod/brief\n');
    const client = await netmachinery([...args, '--peer', 'host/example.com', '--dry-run=client']);
    expect(client.stdout).toContain('<addresses of example.com>');
    expect(client.exitCode).toBe(0);
  });
});

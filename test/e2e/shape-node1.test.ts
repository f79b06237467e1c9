// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNamespace, createReady, deleteNamespace, getPod } from './kubectl.js';
import {
  addressesOf,
  echoes,
  expectRate,
  expectShare,
  receivedMbit,
  shapeNow,
  sinkPod,
  type Echoes,
} from './shape-effects.js';
import { rulesOf, shapedPod, shapeReport } from './shapes.js';

// node1's kernel has no netem: what is left is done by tbf and nftables.
let namespace = '';
let sink = { ipv4: '', ipv6: '' };

beforeAll(async () => {
  namespace = await createNamespace('shape-node1');
  const sources = ['late', 'narrow', 'lossy', 'cut'].map((name) => shapedPod(name, { node: 'node1' }));
  await createReady(namespace, sinkPod('sink', 'node1'), ...sources);
  sink = await addressesOf(namespace, 'sink');
});
afterAll(() => deleteNamespace(namespace));

const send = (pod: string, address: string, count: number): Promise<Echoes> =>
  echoes(namespace, pod, address, { count, intervalMs: 10 });
const shape = (pod: string, ...flags: string[]) => shapeNow(namespace, pod, ...flags);
const lost = (got: Echoes) => got.filter((time) => time === undefined).length;
const nothing: Echoes = Array.from({ length: 20 }, () => undefined);

describe.concurrent('a pod whose node has no netem', () => {
  it.each([
    ['a delay', ['--delay', '100ms']],
    ['corruption', ['--corrupt', '1%', '--rate', '1mbit']],
    ['losses in bursts', ['--loss', 'gemodel:1,10']],
  ])('cannot have %s: nothing is changed', async (_, flags) => {
    const { report, exitCode } = await shapeReport(['pod/late', '-n', namespace, ...flags]);
    expect(report.results).toMatchObject([{ verdict: 'unsupported', reason: 'KernelLacksSupport', node: 'node1' }]);
    expect(report.results[0]?.hint).toContain('modprobe sch_netem');
    expect(exitCode).toBe(5);
    expect(await rulesOf(namespace, 'late')).toBe('');
    expect((await getPod(namespace, 'late')).metadata.annotations?.['netmachinery.io/shape']).toBeUndefined();
  });

  it('loses as much as asked, one way and both, by nftables', async () => {
    for (const [direction, share] of [
      ['egress', 0.2],
      ['ingress', 0.2],
      ['both', 1 - 0.8 ** 2],
    ] as const) {
      const result = await shape('lossy', '--loss', '20%', '--direction', direction, '--no-verify');
      expect(result.by).toEqual(['nft']);
      const [four, six] = await Promise.all([send('lossy', sink.ipv4, 400), send('lossy', sink.ipv6, 400)]);
      expectShare(lost(four), 400, share);
      expectShare(lost(six), 400, share);
    }
  });

  it('is cut off from one peer, both ways, by nftables', async () => {
    const own = await addressesOf(namespace, 'cut');
    const flags = ['--partition', '--peer', 'pod/sink', '--direction', 'both'];
    expect(await shape('cut', ...flags)).toMatchObject({ by: ['nft'], reason: 'Verified' });
    expect(await send('cut', sink.ipv4, 20)).toEqual(nothing);
    expect(await send('cut', sink.ipv6, 20)).toEqual(nothing);
    expect(await send('sink', own.ipv4, 20)).toEqual(nothing);
    const { ipv4 } = await addressesOf(namespace, 'late');
    expect(lost(await send('cut', ipv4, 20))).toBe(0);
    expect(lost(await send('late', own.ipv4, 20))).toBe(0);
  });
});

describe('a pod whose node has no netem, alone', () => {
  it.each([1, 10])('sends at %d Mbit/s, by tbf', async (mbit) => {
    const result = await shape('narrow', '--rate', `${mbit}mbit`, '--verify-to', 'pod/sink');
    expect(result).toMatchObject({ by: ['tbf'], reason: 'Verified' });
    expect(result.measurements).toMatchObject([{ what: 'rateBitsPerSecond', expected: mbit * 1e6, agrees: true }]);
    expectRate(await receivedMbit(namespace, 'narrow', sink.ipv4), mbit);
  });
});

// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { createReady } from '../e2e/kubectl.js';
import {
  addressesOf,
  echoes,
  expectAdded,
  expectRate,
  expectShare,
  inPod,
  median,
  receivedMbit,
  shapeNow,
  sinkPod,
  type Echoes,
} from '../e2e/shape-effects.js';
import { shapedPod } from '../e2e/shapes.js';
import { onEachBoot } from './each-boot.js';

// What packets really do, measured by other programs than ours, on a kernel with netem. The bounds are the network's, and
// chance exceeds them less than once in 10,000 times.
let namespace = '';
/** Without any shape. */
let before: Echoes = [];
let peer = { ipv4: '', ipv6: '' };
let other = { ipv4: '', ipv6: '' };
let sink = { ipv4: '', ipv6: '' };

/** Few, one shape in the place of another: node2 is slow to start pods. */
const sources = ['first', 'second'];

onEachBoot('shape-accuracy', async (own) => {
  namespace = own;
  await createReady(
    namespace,
    sinkPod('sink', 'node1'),
    ...['peer', 'other', ...sources].map((name) => shapedPod(name, { node: 'node2' })),
  );
  peer = await addressesOf(namespace, 'peer');
  other = await addressesOf(namespace, 'other');
  sink = await addressesOf(namespace, 'sink');
  before = await send('first', peer.ipv4);
});

const unverified = '--no-verify';
/** Starting a shape takes many programs on a slow machine. */
const patienceMs = 600_000;
const lost = (got: Echoes) => got.filter((time) => time === undefined).length;
const nothing: Echoes = Array.from({ length: 20 }, () => undefined);
const send = (pod: string, address: string, count = 100, intervalMs = 20): Promise<Echoes> =>
  echoes(namespace, pod, address, { count, intervalMs });
const shape = (pod: string, ...flags: string[]) => shapeNow(namespace, pod, ...flags);

// One after another: node2 is one slow processor.
describe('a pod whose node has netem', { timeout: patienceMs }, () => {
  it('is as late as asked, and loses as many', async () => {
    for (const [ms, percent] of [
      [20, 1],
      [50, 5],
      [100, 20],
      [200, 0],
    ] as const) {
      const loss = percent === 0 ? [] : ['--loss', `${percent}%`];
      await shape('first', '--delay', `${ms}ms`, ...loss, unverified);
      const got = percent === 0 ? await send('first', peer.ipv4) : await send('first', peer.ipv4, 1000, 10);
      expectAdded(before, got, ms);
      expectShare(lost(got), got.length, percent / 100);
    }
  });

  it('has jitter, duplicates, corruption and reordering that show', async () => {
    await shape('first', '--delay', '50ms', '--jitter', '20ms', '--duplicate', '20%', unverified);
    const jittered = await send('first', peer.ipv4);
    // Even between 30 and 70 ms: 30 % each are expected.
    expect(jittered.filter((time = 50) => time < 42).length).toBeGreaterThan(10);
    expect(jittered.filter((time = 50) => time > 58).length).toBeGreaterThan(10);
    const said = await inPod(namespace, 'first', ['ping', '-q', '-c', '200', '-i', '0.02', peer.ipv4]);
    // ping does not wait for the last ones' duplicates.
    const duplicates = Number(/\+(\d+) duplicates/.exec(said)?.[1] ?? 0);
    expectShare(duplicates, 200, [0.18, 0.2]);

    await shape('first', '--delay', '50ms', '--reorder', '25%', '--corrupt', '20%', unverified);
    const got = await send('first', peer.ipv4, 300);
    // A flipped bit of the sender's Ethernet address does no harm: 6 bytes of 98.
    expectShare(lost(got), 300, [0.18, 0.2]);
    const came = got.filter((time) => time !== undefined);
    // Nothing that is delayed comes earlier; what overtakes may take its time on a busy machine.
    expectShare(came.filter((time) => time < 49).length, came.length, 0.25);
  });

  it('gets late what is sent to it, and says what it measured', async () => {
    const flags = ['--delay', '60ms', '--direction', 'ingress', '--verify-to', 'pod/peer'];
    const { reason, measurements } = await shape('second', ...flags);
    expect(reason).toBe('Verified');
    expect(measurements[0]).toMatchObject({ what: 'rttMs', expected: 60, agrees: true });
    expectAdded(before, await send('second', peer.ipv4), 60);
    expectAdded(before, await send('second', peer.ipv6), 60);
    const { ipv4 } = await addressesOf(namespace, 'second');
    expectAdded(before, await send('peer', ipv4), 60);
  });

  it('is late for one peer only, by IPv4 and IPv6', async () => {
    const result = await shape('second', '--delay', '60ms', '--peer', 'pod/peer', unverified);
    expect(result.by).toEqual(['netem']);
    expectAdded(before, await send('second', peer.ipv4), 60);
    expectAdded(before, await send('second', peer.ipv6), 60);
    expectAdded(before, await send('second', other.ipv4), 0);
    expectAdded(before, await send('second', other.ipv6), 0);
  });

  it('is cut off from one peer, both ways', async () => {
    const own = await addressesOf(namespace, 'second');
    await shape('second', '--partition', '--peer', 'pod/peer', '--direction', 'both', unverified);
    expect(await send('second', peer.ipv4, 20)).toEqual(nothing);
    expect(await send('second', peer.ipv6, 20)).toEqual(nothing);
    expect(await send('peer', own.ipv4, 20)).toEqual(nothing);
    expect(median(await send('second', other.ipv4, 20))).toBeLessThan(50);
    expect(median(await send('other', own.ipv4, 20))).toBeLessThan(50);
  });

  it('sends at the rate asked for', async () => {
    for (const mbit of [1, 10]) {
      await shape('first', '--rate', `${mbit}mbit`, unverified);
      expectRate(await receivedMbit(namespace, 'first', sink.ipv4), mbit);
    }
  });
});

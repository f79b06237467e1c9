// SPDX-License-Identifier: Apache-2.0
import { expect } from 'vitest';
import type { Pod } from '../../src/kube/objects.js';
import type { ShapeResult } from '../../src/model/shaping.js';
import { binomialInterval } from '../../src/shaping/binomial-interval.js';
import { getPod, kubectl, podManifest, images } from './kubectl.js';
import { shapeReport } from './shapes.js';

/** What came back of echoes from a pod, in the order of their requests; undefined for what did not. */
export type Echoes = (number | undefined)[];

/** A pod that others send to with iperf3. */
export function sinkPod(name: string, node: string): object {
  return podManifest(name, { node, image: images.toolbox, command: ['iperf3', '--server'] });
}

/** The first addresses of a pod, IPv4 and IPv6. */
export async function addressesOf(namespace: string, name: string): Promise<{ ipv4: string; ipv6: string }> {
  const { status }: Pod = await getPod(namespace, name);
  const ips = (status?.podIPs ?? []).map(({ ip }) => ip);
  return { ipv4: ips.find((ip) => !ip.includes(':')) ?? '', ipv6: ips.find((ip) => ip.includes(':')) ?? '' };
}

/** Shapes a pod for some minutes, in the place of what it had before; fails where that does not succeed. */
export async function shapeNow(namespace: string, pod: string, ...flags: string[]): Promise<ShapeResult> {
  const lasting = ['--duration', '4m', '--detach', '--replace'];
  const { report, stderr, exitCode } = await shapeReport([`pod/${pod}`, '-n', namespace, ...flags, ...lasting]);
  const [result] = report.results;
  expect(exitCode, `${JSON.stringify(result)}\n${stderr}`).toBe(0);
  return result as ShapeResult;
}

/** Sends echo requests from a pod's own container; nothing but the network makes them late or lost. */
export async function echoes(
  namespace: string,
  pod: string,
  address: string,
  { count = 100, intervalMs = 20 } = {},
): Promise<Echoes> {
  const options = `-q -C ${count} -p ${intervalMs} -i 1 -t 3000`.split(' ');
  const script = 'fping "$@" 2>&1; true';
  const output = await inPod(namespace, pod, ['sh', '-c', script, 'fping', ...options, address]);
  // The last line; duplicates have lines of their own before it.
  const times = output.trim().split('\n').at(-1)?.split(' : ')[1]?.split(' ') ?? [];
  if (times.length !== count) throw new Error(`fping: ${output}`);
  return times.map((time) => (time === '-' ? undefined : Number(time)));
}

/** Runs a program in a pod's own container. */
export function inPod(namespace: string, pod: string, argv: readonly string[]): Promise<string> {
  return kubectl(['exec', '-n', namespace, pod, '-c', 'main', '--', ...argv]);
}

/** The median in ms of those that came back. */
export function median(of: Echoes): number {
  const times = of.filter((time) => time !== undefined).sort((one, other) => one - other);
  return times[Math.floor(times.length / 2)] ?? Number.NaN;
}

/** Fails unless so many of `sent` are what chance makes of a share (or of anything between two shares) in 99.99 %. */
export function expectShare(counted: number, sent: number, share: number | [number, number]): void {
  const [low, high] = typeof share === 'number' ? [share, share] : share;
  expect(counted).toBeGreaterThanOrEqual(binomialInterval(sent, low).least);
  expect(counted).toBeLessThanOrEqual(binomialInterval(sent, high).most);
}

/** Fails unless a median is what was asked for on top of what it is without, within 3 % + 1 ms. */
export function expectAdded(before: Echoes, during: Echoes, askedMs: number): void {
  expect(Math.abs(median(during) - median(before) - askedMs)).toBeLessThanOrEqual(0.03 * askedMs + 1);
}

/** Megabits a second of TCP that arrive at a sink in ten seconds, the first two left out. */
export async function receivedMbit(namespace: string, pod: string, address: string): Promise<number> {
  const words = ['iperf3', '--client', address, '--time', '10', '--omit', '2', '--json'];
  const { end } = JSON.parse(await inPod(namespace, pod, words)) as {
    end: { sum_received: { bits_per_second: number } };
  };
  return end.sum_received.bits_per_second / 1e6;
}

/** Fails unless a rate is as asked, within 10 %. */
export function expectRate(mbit: number, asked: number): void {
  expect(mbit).toBeGreaterThan(0.9 * asked);
  expect(mbit).toBeLessThan(1.1 * asked);
}

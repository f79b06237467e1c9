// SPDX-License-Identifier: Apache-2.0
import type { Effects } from '../model/shaping.js';
import type { Means } from './means.js';
import { isClose, netemNumbers, numbersOf, stepOf } from './netem-readback.js';
import { isOurRoot } from './ownership.js';
import { leafHandle, shapedClass } from './places.js';
import type { PodNetwork, Qdisc } from './pod-network.js';
import { burstBytes, latencyUs } from './tbf.js';

/** The queue below our class of an interface. */
export function leafOf({ qdiscs }: PodNetwork, device: string): Qdisc | undefined {
  return qdiscs.find(({ dev, parent, handle }) => dev === device && parent === shapedClass && handle === leafHandle);
}

/** What of the root and the queue of one interface is not as it should be, a line each. */
export function leafDifferences(network: PodNetwork, device: string, means: Means, effects: Effects): string[] {
  if (!network.qdiscs.some((qdisc) => qdisc.dev === device && isOurRoot(qdisc)))
    return [`${device} has no root qdisc of ours`];
  const leaf = leafOf(network, device);
  if (means.leaf === undefined)
    return leaf === undefined ? [] : [`${device} has a ${leaf.kind} that was not asked for`];
  if (leaf?.kind !== means.leaf)
    return [`${device} has ${leaf === undefined ? 'no' : `${leaf.kind} instead of`} ${means.leaf}`];
  const shown = numbersOf(leaf.options ?? {});
  const where = `${means.leaf} of ${device}`;
  return means.leaf === 'netem' ? netemDifferences(shown, effects, where) : tbfDifferences(shown, effects, where);
}

function netemDifferences(shown: ReadonlyMap<string, number>, effects: Effects, where: string): string[] {
  return [...netemNumbers(effects)]
    .map(([path, asked]) => ({ path, asked, is: shown.get(path) ?? 0 }))
    .filter(({ path, asked, is }) => !isClose(is, asked, stepOf(path)) && !(path === 'gap' && asked === 0))
    .map(({ path, asked, is }) => `${where}: ${path} is ${is}, not ${asked}`);
}

function tbfDifferences(
  shown: ReadonlyMap<string, number>,
  { rateBitsPerSecond = 0 }: Effects,
  where: string,
): string[] {
  const rate = Math.floor(rateBitsPerSecond / 8);
  const burst = burstBytes(rateBitsPerSecond);
  const is = (name: string) => shown.get(name) ?? 0;
  // tc(8) and the kernel keep the burst as the time that it takes at the rate, in whole µs.
  const step = rate * 1e-6 + 1;
  return [
    ...(isClose(is('rate'), rate) ? [] : [`${where}: rate is ${is('rate')}, not ${rate} bytes per second`]),
    ...(Math.abs(is('burst') - burst) <= 2 * step ? [] : [`${where}: burst is ${is('burst')}, not ${burst} bytes`]),
    ...(Math.abs(is('lat') - latencyUs) <= latencyUs / 100
      ? []
      : [`${where}: latency is ${is('lat')}, not ${latencyUs} µs`]),
  ];
}

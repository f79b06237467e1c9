// SPDX-License-Identifier: Apache-2.0
import { formatRate } from './units.js';

/** What may pass at once, in bytes: as much as comes between two ticks of a kernel with 250 a second, and a full packet of 16 KiB. */
export const burstBytes = (bitsPerSecond: number): number => Math.max(16 * 1024, Math.ceil(bitsPerSecond / 2000));

/** How long a packet waits at most. */
export const latencyUs = 100_000;

/** The options of a tbf qdisc, new or changed: nothing of it is optional. */
export function tbfWords(bitsPerSecond: number): string {
  return `rate ${formatRate(bitsPerSecond)} burst ${burstBytes(bitsPerSecond)} latency ${latencyUs / 1000}ms`;
}

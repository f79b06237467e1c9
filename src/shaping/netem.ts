// SPDX-License-Identifier: Apache-2.0
import type { Chance, Effects, Loss } from '../model/shaping.js';
import { fourStateNumbers, gilbertElliottNumbers } from './parse-loss.js';
import { formatPercent, formatRate, formatTime } from './units.js';

/** A packet that is at most this long after another waits in netem without being dropped. */
const packetsPerSecond = 200_000;
/** What waits for its turn at a rate, as our tbf lets it: so long, in packets of such a length. */
const queueUs = 100_000;
const bitsPerPacket = 300 * 8;

/**
 * Packets that netem may hold: enough for what is on its way. tc's own 1000 drop silently. With a rate no more can be on its
 * way than the rate allows, and every further one would only add to the delay.
 */
export function limitPacketsOf({ delay, slot, rateBitsPerSecond, limitPackets }: Effects): number {
  if (limitPackets !== undefined) return limitPackets;
  const underwayUs = (delay?.us ?? 0) + (delay?.jitterUs ?? 0) + (slot?.maxUs ?? slot?.minUs ?? 0);
  const [most, least] =
    rateBitsPerSecond === undefined
      ? [(underwayUs * packetsPerSecond) / 1e6, 1000]
      : [((underwayUs + queueUs) * Math.min(rateBitsPerSecond / bitsPerPacket, packetsPerSecond)) / 1e6, 100];
  return Math.ceil(Math.min(Math.max(most, least), 100_000));
}

/** The options of a new netem qdisc. */
export function netemWords(effects: Effects): string {
  const { duplicate, corrupt, reorder, rateBitsPerSecond, slot } = effects;
  // tc(8) passes on how duplicates depend on each other only where it is told the same of a delay or a random loss.
  const delay = effects.delay ?? (duplicate?.correlationPercent === undefined ? undefined : { us: 0 });
  const loss = lossOf(effects);
  return [
    `limit ${limitPacketsOf(effects)}`,
    ...(delay === undefined ? [] : [delayWords(delay)]),
    ...(loss === undefined ? [] : [lossWords(loss)]),
    ...(duplicate === undefined ? [] : [chanceWords('duplicate', duplicate)]),
    ...(corrupt === undefined ? [] : [chanceWords('corrupt', corrupt)]),
    ...(reorder === undefined ? [] : [reorderWords(reorder)]),
    ...(rateBitsPerSecond === undefined ? [] : [`rate ${formatRate(rateBitsPerSecond)}`]),
    ...(slot === undefined ? [] : [slotWords(slot)]),
  ].join(' ');
}

/** The options that make an existing netem qdisc do this and nothing else: the kernel keeps what is not named. */
export function netemWordsInFull(effects: Effects): string {
  const none: Chance = { percent: 0 };
  const { delay, duplicate, corrupt, reorder, rateBitsPerSecond, slot } = effects;
  return [
    `limit ${limitPacketsOf(effects)}`,
    delayWords(delay ?? { us: 0 }),
    lossWords(lossOf(effects) ?? { model: 'random', ...none }),
    chanceWords('duplicate', duplicate ?? none),
    chanceWords('corrupt', corrupt ?? none),
    reorderWords(reorder ?? none),
    `rate ${formatRate(rateBitsPerSecond ?? 0)}`,
    slotWords(slot ?? { minUs: 0 }),
  ].join(' ');
}

/** A partition is a loss of all packets. */
export function lossOf({ loss, partition }: Effects): Loss | undefined {
  return partition === undefined ? loss : { model: 'random', percent: 100 };
}

function delayWords({ us, jitterUs = 0, correlationPercent = 0, distribution }: NonNullable<Effects['delay']>): string {
  const words = `delay ${formatTime(us)} ${formatTime(jitterUs)} ${formatPercent(correlationPercent)}`;
  return distribution === undefined ? words : `${words} distribution ${distribution}`;
}

function lossWords(loss: Loss): string {
  if (loss.model === 'random') return chanceWords('loss', loss);
  const numbers = loss.model === 'gemodel' ? gilbertElliottNumbers(loss) : fourStateNumbers(loss);
  return ['loss', loss.model, ...numbers.map(formatPercent)].join(' ');
}

const chanceWords = (word: string, { percent, correlationPercent = 0 }: Chance): string =>
  `${word} ${formatPercent(percent)} ${formatPercent(correlationPercent)}`;

const reorderWords = (reorder: Chance & { gap?: number }): string =>
  chanceWords('reorder', reorder) + (reorder.gap === undefined ? '' : ` gap ${reorder.gap}`);

function slotWords({ minUs, maxUs = minUs, packets, bytes }: NonNullable<Effects['slot']>): string {
  const counts = `${packets === undefined ? '' : ` packets ${packets}`}${bytes === undefined ? '' : ` bytes ${bytes}`}`;
  return `slot ${formatTime(minUs)} ${formatTime(maxUs)}${counts}`;
}

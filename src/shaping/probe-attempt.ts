// SPDX-License-Identifier: Apache-2.0
import type { Direction, Effects } from '../model/shaping.js';
import { lossShare } from './loss-share.js';

/** What one attempt of a probe sends to and fro; each exchange begins when the one before is over. */
export interface ProbeConversation {
  kind: 'httpGet' | 'tcpSocket' | 'grpc';
  /** Bytes on the wire that the pod receives, and that it answers. */
  exchanges: readonly { inBytes: number; outBytes: number }[];
}

interface Rule {
  effects: Effects;
  direction: Direction;
}

/** RFC 6298 section 2.1: the first retransmission of a SYN comes after 1 s, the next after 2 s more (5.5). */
const firstTimeoutMs = 1000;
/** Linux's least timeout of an established connection (TCP_RTO_MIN); RFC 6298 says 1 s. */
const leastTimeoutMs = 200;

/** How many packets of an exchange the shape sees, and their bytes. */
function shaped({ inBytes, outBytes }: ProbeConversation['exchanges'][number], direction: Direction) {
  const sizes = [...(direction === 'egress' ? [] : [inBytes]), ...(direction === 'ingress' ? [] : [outBytes])];
  return { packets: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Milliseconds that the shape adds to one exchange in the mean: each packet its delay and slot, and its bytes at the rate. */
function exchangeMs(exchange: ProbeConversation['exchanges'][number], { effects, direction }: Rule): number {
  const { packets, bytes } = shaped(exchange, direction);
  const slotUs = effects.slot?.maxUs ?? effects.slot?.minUs ?? 0;
  const perPacketMs = ((effects.delay?.us ?? 0) + slotUs) / 1000;
  const rate = effects.rateBitsPerSecond;
  return packets * perPacketMs + (rate === undefined ? 0 : (bytes * 8 * 1000) / rate);
}

/** Milliseconds that the shape adds to an attempt without any loss, in the mean. */
export function addedMs({ exchanges }: Pick<ProbeConversation, 'exchanges'>, rule: Rule): number {
  return exchanges.reduce((sum, exchange) => sum + exchangeMs(exchange, rule), 0);
}

/**
 * The probability that one attempt is not over within its timeout. An exchange is repeated until both its packets arrive,
 * each try by itself with the share of losses, after timeouts that double; delays add up, and their jitter makes the
 * sum roughly normal. The network's own delay and the application's time for an answer count as nothing, and so does the
 * pod's other traffic, which waits in the same queue.
 */
export function attemptFailure({ exchanges }: ProbeConversation, rule: Rule, timeoutMs: number): number {
  const { effects, direction } = rule;
  const survival = 1 - lossShare(effects);
  const packets = exchanges.map((exchange) => shaped(exchange, direction).packets);
  const base = addedMs({ exchanges }, rule);
  const deviation = jitterDeviationMs(effects) * Math.sqrt(packets.reduce((sum, count) => sum + count, 0));
  // Waiting time for retransmissions so far -> its probability; longer ones than the timeout are failures.
  let waits = new Map([[0, 1]]);
  exchanges.forEach((exchange, index) => {
    const roundTrip = exchangeMs(exchange, rule);
    // RFC 6298 section 2.2: the first measurement R makes the timeout R + 4 R/2.
    const timeout = index === 0 ? firstTimeoutMs : Math.max(leastTimeoutMs + roundTrip, 3 * roundTrip);
    waits = afterExchange(waits, survival ** (packets[index] ?? 0), timeout, timeoutMs);
  });
  let success = 0;
  for (const [wait, probability] of waits)
    success += probability * withinProbability(timeoutMs - base - wait, deviation);
  return Math.min(1, Math.max(0, 1 - success));
}

function afterExchange(
  waits: ReadonlyMap<number, number>,
  success: number,
  firstMs: number,
  limitMs: number,
): Map<number, number> {
  const after = new Map<number, number>();
  for (const [wait, probability] of waits) {
    let total = wait;
    let remaining = probability;
    for (let timeout = firstMs; total <= limitMs && remaining > 1e-12; timeout *= 2) {
      after.set(total, (after.get(total) ?? 0) + remaining * success);
      remaining *= 1 - success;
      total += timeout;
    }
  }
  return after;
}

/** Of one packet: netem without a table is uniform within the jitter; its tables have the jitter as standard deviation. */
function jitterDeviationMs({ delay }: Effects): number {
  const jitterMs = (delay?.jitterUs ?? 0) / 1000;
  return delay?.distribution === undefined ? jitterMs / Math.sqrt(3) : jitterMs;
}

/** P(X <= margin) of a normal X around 0 (Abramowitz and Stegun 7.1.26, error below 2e-7). */
function withinProbability(margin: number, deviation: number): number {
  if (deviation === 0) return margin > 0 ? 1 : 0;
  const x = Math.abs(margin) / (deviation * Math.SQRT2);
  const t = 1 / (1 + 0.3275911 * x);
  const tail =
    (((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) *
      t *
      Math.exp(-x * x)) /
    2;
  return margin >= 0 ? 1 - tail : tail;
}

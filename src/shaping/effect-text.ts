// SPDX-License-Identifier: Apache-2.0
import type { EffectMeasurement, Effects } from '../model/shaping.js';
import { crossingsOf, stopsEverything } from './crossings.js';
import type { AskedEffect } from './effect-comparison.js';
import type { RawMeasurement } from './effect-measurement.js';

/** Why what is asked for once is paid several times, undefined where no time is asked for. */
export function explainRoundTrips({ effects, direction }: AskedEffect): string | undefined {
  const { delay } = effects;
  if (delay === undefined || stopsEverything(effects)) return undefined;
  const once = (delay.us * crossingsOf(direction)) / 1000;
  const ways = direction === 'both' ? ', because packets are delayed both ways' : '';
  return (
    `a round trip takes ${figure(once)} ms more${ways}; a request on a new TCP connection is two of them ` +
    `(handshake, answer), so ${figure(2 * once)} ms more, with TLS 1.3 three, with a lookup of the name at least one more`
  );
}

/** What is asked for and is not among the measurements, and why: a line each. */
export function unmeasuredEffects(
  before: RawMeasurement,
  measurements: readonly EffectMeasurement[],
  effects: Effects,
): string[] {
  const measured = new Set(measurements.map(({ what }) => what));
  const timed = measured.has('rttMs') || measured.has('connectMs');
  const { delay, slot, loss, corrupt, duplicate, reorder, rateBitsPerSecond: rate } = effects;
  const byConnects = before.probe === 'connect' ? ': only TCP is shaped, and its own retransmission hides it' : '';
  return [
    ...((delay ?? slot) === undefined || timed ? [] : ['delay not measured']),
    ...((loss ?? corrupt) === undefined || measured.has('lossPercent') ? [] : [`loss not measured${byConnects}`]),
    ...(rate === undefined || measured.has('rateBitsPerSecond') ? [] : [`rate not measured: ${whyNoRate(before)}`]),
    ...(duplicate === undefined ? [] : ['duplicates not measured']),
    ...(reorder === undefined ? [] : ['reordering not measured']),
  ];
}

function whyNoRate({ probe, rateBitsPerSecond: rate }: RawMeasurement): string {
  if (probe === 'connect') return 'echoes, which measure it, are not shaped';
  if (rate === undefined) return 'too few echoes were answered (iputils ping is needed)';
  const [unit, scale] = rateUnit(rate);
  return `without the shape, echoes pass at ${figure(rate / scale)} ${unit} and no more`;
}

/** tc's unit in which a rate has a short number, and its bits. */
function rateUnit(bitsPerSecond: number): [string, number] {
  if (bitsPerSecond >= 1e9) return ['gbit', 1e9];
  if (bitsPerSecond >= 1e6) return ['mbit', 1e6];
  return bitsPerSecond >= 1000 ? ['kbit', 1000] : ['bit', 1];
}

/** Three digits that tell something, or all of those before the point. */
function figure(value: number): string {
  return value >= 100 ? String(Math.round(value * 10) / 10) : String(Number(value.toPrecision(3)));
}

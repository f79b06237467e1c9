// SPDX-License-Identifier: Apache-2.0
import type { Direction, EffectMeasurement, Effects } from '../model/shaping.js';
import { percentile } from '../model/statistics.js';
import { binomialInterval } from './binomial-interval.js';
import { stopsEverything } from './crossings.js';
import type { RawMeasurement } from './effect-measurement.js';
import { expectedRoundTrip } from './expected-effect.js';
import { expectedLoss } from './expected-loss.js';

export interface AskedEffect {
  effects: Effects;
  direction: Direction;
  /** The measurement before was under another shape of ours, which this one replaces. */
  replaces?: boolean;
}

/** Beyond what is asked for and what chance does to it: scheduling, timers, the slow clock of a virtual machine. */
const tolerance = { share: 0.03, ms: 1, rateShare: 0.1 } as const;

/**
 * What was measured before and during a shape, beside what it means for a round trip that the pod begins. Times are medians.
 * They agree when the time added is what so many samples may show in 99.99 % of all cases, give or take 3 % + 1 ms + the
 * spread (between quartiles) of the times before, and upwards that of those during as well; losses when so many of so many echoes are lost in 99.99 %; rates within 10 %.
 * What could not be measured is not in the list.
 */
export function compareEffect(before: RawMeasurement, during: RawMeasurement, asked: AskedEffect): EffectMeasurement[] {
  const { candidate } = before;
  if (candidate === undefined || during.unmeasured !== undefined) return [];
  const found = [timeMeasurement(before, during, asked), lossMeasurement(before, during, asked)];
  return [...found, rateMeasurement(before, during, asked)]
    .filter((one) => one !== undefined)
    .map((one) => ({ destination: candidate.label, ...one }));
}

type Compared = Omit<EffectMeasurement, 'destination'> | undefined;

function timeMeasurement(before: RawMeasurement, during: RawMeasurement, asked: AskedEffect): Compared {
  const { effects, direction, replaces = false } = asked;
  if ((effects.delay ?? effects.slot) === undefined || stopsEverything(effects)) return undefined;
  const [was, is] = [sorted(before), sorted(during)];
  const { typicalMs, leastMs, mostMs } = expectedRoundTrip(effects, direction, Math.max(1, is.length));
  const base = percentile(was, 0.5);
  const measured = {
    what: before.probe === 'echo' ? ('rttMs' as const) : ('connectMs' as const),
    before: rounded(base),
    expected: rounded(typicalMs),
  };
  if (is.length === 0) return { ...measured, agrees: false };
  const median = percentile(is, 0.5);
  const slack = tolerance.share * typicalMs + tolerance.ms + quartiles(was);
  const least = leastMs + (replaces ? 0 : base) - slack;
  // A machine that is busy makes times longer, never shorter.
  const most = mostMs + base + slack + quartiles(is);
  return { ...measured, during: rounded(median), agrees: median >= least && median <= most };
}

function lossMeasurement(before: RawMeasurement, during: RawMeasurement, asked: AskedEffect): Compared {
  const { effects, direction } = asked;
  const losing = effects.loss ?? effects.corrupt ?? effects.partition;
  const [was, is] = [before.trips, during.trips];
  if (losing === undefined || was === undefined || is === undefined || is.sent === 0) return undefined;
  if (before.probe === 'connect' && !stopsEverything(effects)) return undefined;
  const { typical, least, most, spread } = expectedLoss(effects, direction);
  const share = (trips: { sent: number; timesMs: number[] }) => 1 - trips.timesMs.length / Math.max(1, trips.sent);
  // Losses in bursts tell as much as fewer ones each by itself.
  const independent = Math.max(1, Math.floor(is.sent / spread(is.sent)));
  const lost = share(is) * independent;
  const own = asked.replaces === true ? 0 : share(was);
  return {
    what: 'lossPercent',
    before: rounded(share(was) * 100),
    during: rounded(share(is) * 100),
    expected: rounded(typical * 100),
    agrees:
      lost >= binomialInterval(independent, least).least &&
      lost <= binomialInterval(independent, 1 - (1 - most) * (1 - own)).most,
  };
}

function rateMeasurement(
  before: RawMeasurement,
  during: RawMeasurement,
  { effects, replaces = false }: AskedEffect,
): Compared {
  const rate = effects.rateBitsPerSecond;
  const [was, is] = [before.rateBitsPerSecond, during.rateBitsPerSecond];
  if (rate === undefined || is === undefined) return undefined;
  // Where the network itself is slower, the shape shows in nothing; and how fast it is cannot be seen under another shape.
  const shows = replaces ? is >= rate * (1 - tolerance.rateShare) : (was ?? 0) >= rate * (1 + 2 * tolerance.rateShare);
  if (!shows) return undefined;
  return {
    what: 'rateBitsPerSecond',
    ...(was === undefined ? {} : { before: Math.round(was) }),
    during: Math.round(is),
    expected: rate,
    agrees: Math.abs(is - rate) <= tolerance.rateShare * rate,
  };
}

/** How far the middle half of ascending samples is spread. */
function quartiles(ascending: readonly number[]): number {
  return percentile(ascending, 0.75) - percentile(ascending, 0.25);
}

function sorted({ trips }: RawMeasurement): number[] {
  return [...(trips?.timesMs ?? [])].sort((one, other) => one - other);
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

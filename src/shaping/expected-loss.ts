// SPDX-License-Identifier: Apache-2.0
import type { Direction, Effects, Loss } from '../model/shaping.js';
import { burstLoss, type LongRunLoss } from './burst-loss.js';
import { crossingsOf, stopsEverything } from './crossings.js';

/** Which share (0 to 1) of echo requests stays unanswered. */
export interface ExpectedLoss {
  typical: number;
  least: number;
  most: number;
  /** By how much wider than that of independent losses the number lost of so many packets is spread. */
  spread: (packets: number) => number;
}

/** A flipped bit does no harm in the Ethernet header of a packet that comes in: 14 of at least 98 bytes. */
const harmlessFlips = 14 / 98;

/** What effects mean for round trips of echoes that the pod begins. */
export function expectedLoss(effects: Effects, direction: Direction): ExpectedLoss {
  if (stopsEverything(effects)) return { typical: 1, least: 1, most: 1, spread: () => 1 };
  const { loss, corrupt, duplicate } = effects;
  const { typical, least, most, spread } = randomOrBurst(loss);
  const corrupted = (corrupt?.percent ?? 0) / 100;
  // Of correlated corruption there may be more or less (see below), and of a duplicate one copy suffices.
  const leastCorrupted = (corrupt?.correlationPercent ?? 0) > 0 ? 0 : corrupted * (1 - harmlessFlips);
  const alone = 1 - (duplicate?.percent ?? 0) / 100;
  const either = (one: number, other: number) => 1 - (1 - one) * (1 - other);
  const ofRoundTrips = (share: number) => 1 - (1 - share) ** crossingsOf(direction);
  return {
    typical: ofRoundTrips(either(typical, corrupted)),
    least: alone * ofRoundTrips(alone * either(least, leastCorrupted)),
    most: ofRoundTrips(either(most, corrupted)),
    spread,
  };
}

function randomOrBurst(loss: Loss | undefined): ExpectedLoss {
  if (loss === undefined) return { typical: 0, least: 0, most: 0, spread: () => 1 };
  if (loss.model !== 'random') return fixed(burstLoss(loss));
  const typical = loss.percent / 100;
  if ((loss.correlationPercent ?? 0) <= 0) return fixed({ share: typical, spread: () => 1 });
  // netem averages its random numbers for it, which draws them to the middle: few losses become fewer, many more
  // (sch_netem.c, get_crandom).
  return typical < 0.5
    ? { typical, least: 0, most: typical, spread: () => 1 }
    : { typical, least: typical, most: 1, spread: () => 1 };
}

function fixed({ share, spread }: LongRunLoss): ExpectedLoss {
  return { typical: share, least: share, most: share, spread };
}

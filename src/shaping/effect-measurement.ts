// SPDX-License-Identifier: Apache-2.0
import type { Effects } from '../model/shaping.js';
import { stopsEverything } from './crossings.js';
import { trainCommand, trainFor, trainRate } from './echo-train.js';
import type { EffectCandidate, EffectTarget } from './effect-candidate.js';
import { longestRoundTripMs } from './expected-effect.js';
import type { RunInPod } from './pod-shaper.js';
import { roundTrips, type RoundTrips } from './round-trips.js';
import type { Scope } from './scope.js';

/** What was measured at one moment. */
export interface RawMeasurement {
  /** What it was measured against; absent where nothing could be measured. */
  candidate?: EffectCandidate;
  probe: EffectTarget['probe'];
  trips?: RoundTrips;
  rateBitsPerSecond?: number;
  /** Why nothing was measured at all. */
  unmeasured?: string;
}

/** More than this for one round trip, and nobody would wait for the measurement. */
const longestMs = 20_000;
/** What the network itself may take, beside the delay that is asked for. */
const networkMs = 1000;
/** A train is repeated below this part of the asked rate: without the shape, and during it. */
const clearlyFaster = 1.5;
const nearlyThere = 0.95;
const echoes = { few: 20, many: 100 } as const;

/**
 * Measures what effects change, from inside the pod: round trips and their loss, then the rate. Without `before` it is how
 * things are without the shape, and finds out which candidate answers; with it, how they are during the shape. Takes a few
 * seconds, and longer only by the delay that is asked for. Throws Failure when the pod cannot be entered any more.
 */
export async function measureEffect(
  run: RunInPod,
  target: EffectTarget,
  effects: Effects,
  scope: Scope,
  before?: RawMeasurement,
): Promise<RawMeasurement> {
  const { probe } = target;
  const why = unmeasurable(effects, probe);
  if (why !== undefined) return { probe, unmeasured: why };
  const waitMs = networkMs + (before === undefined ? 0 : longestRoundTripMs(effects));
  const candidates = before?.candidate === undefined ? target.candidates : [before.candidate];
  const outcomes = await roundTrips(run, probe, candidates, {
    count: before !== undefined && losesSome(effects) ? echoes.many : echoes.few,
    intervalMs: intervalMs(effects, before !== undefined && losesSome(effects) ? 20 : 50),
    waitMs: Math.ceil(waitMs),
  });
  const position = before === undefined ? outcomes.findIndex(({ timesMs }) => timesMs.length > 0) : 0;
  const [candidate, trips] = [candidates[position], outcomes[position]];
  if (candidate === undefined || trips === undefined) {
    const said = outcomes[0]?.message ?? 'no answer';
    return { probe, unmeasured: `${candidates.map(({ label }) => label).join(', ')}: ${said}` };
  }
  const asked = effects.rateBitsPerSecond;
  const rate =
    asked === undefined || probe === 'connect'
      ? undefined
      : await measureRate(run, candidate, {
          rate: asked,
          roundTripMs: waitMs - networkMs,
          good: before === undefined ? clearlyFaster : nearlyThere,
        });
  return { candidate, probe, trips, ...(rate === undefined ? {} : { rateBitsPerSecond: rate }) };
}

/** Why nothing that is asked for shows in what we can measure, undefined where something does. */
function unmeasurable(effects: Effects, probe: EffectTarget['probe']): string | undefined {
  const { delay, slot, rateBitsPerSecond: rate } = effects;
  if (longestRoundTripMs(effects) > longestMs) return 'a round trip would take longer than it is waited for';
  if (delay !== undefined || slot !== undefined || stopsEverything(effects)) return undefined;
  if (probe === 'connect') return 'of TCP only delays and a partition are measured';
  if (rate !== undefined || losesSome(effects)) return undefined;
  return 'what is asked for changes neither round trips, nor losses, nor a rate';
}

function losesSome(effects: Effects): boolean {
  return (effects.loss !== undefined || effects.corrupt !== undefined) && !stopsEverything(effects);
}

/** Echoes never need more than a quarter of a rate: they are not to queue behind each other. */
function intervalMs({ rateBitsPerSecond: rate }: Effects, usual: number): number {
  return rate === undefined ? usual : Math.min(2000, Math.max(usual, Math.ceil((4 * 114 * 8000) / rate)));
}

async function measureRate(
  run: RunInPod,
  { family, address, host }: EffectCandidate,
  asked: { rate: number; roundTripMs: number; good: number },
): Promise<number | undefined> {
  const destination = { index: 0, family, ...(address === undefined ? { host: host ?? '' } : { address }) };
  const train = trainFor(destination, asked);
  const { argv, limitMs } = trainCommand(train);
  const { stdout } = await run(argv, limitMs);
  return trainRate(stdout, train);
}

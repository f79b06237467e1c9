// SPDX-License-Identifier: Apache-2.0
import type { Loss } from '../model/shaping.js';

/** What a model of losses comes to in the long run. */
export interface LongRunLoss {
  /** The share of packets that are lost, 0 to 1. */
  share: number;
  /** By how much losses in bursts spread the number lost of `packets` wider than losses each by itself (1). */
  spread: (packets: number) => number;
}

/** States, the chances of going from one to another, and how likely a packet is lost in each. */
interface Chain {
  stationary: number[];
  transitions: number[][];
  lost: number[];
}

type GilbertElliott = Extract<Loss, { model: 'gemodel' }>;
type FourStates = Extract<Loss, { model: 'state' }>;

/** The models of bursts of sch_netem.c (loss_gilb_ell, loss_4state), with what tc(8) takes for what is not named. */
export function burstLoss(loss: GilbertElliott | FourStates): LongRunLoss {
  const { stationary, transitions, lost } = loss.model === 'gemodel' ? gilbertElliott(loss) : fourStates(loss);
  const share = product(stationary, lost);
  return {
    share,
    spread: (packets) => {
      const own = share * (1 - share);
      if (own <= 0) return 1;
      let weights = stationary.map((weight, state) => weight * (lost[state] ?? 0));
      let variance = own;
      for (let apart = 1; apart < packets; apart += 1) {
        weights = step(weights, transitions);
        variance += 2 * (1 - apart / packets) * (product(weights, lost) - share * share);
      }
      return Math.max(1, variance / own);
    },
  };
}

function gilbertElliott({ p, r = 100 - p, oneMinusH = 100, oneMinusK = 0 }: GilbertElliott): Chain {
  const [toBad, toGood] = [p / 100, r / 100];
  const bad = toBad === 0 ? 0 : toBad / (toBad + toGood);
  return {
    stationary: [1 - bad, bad],
    transitions: [
      [1 - toBad, toBad],
      [toGood, 1 - toGood],
    ],
    lost: [oneMinusK / 100, oneMinusH / 100],
  };
}

/** 1: received, 2: received within a burst, 3: lost in a burst, 4: lost alone. */
function fourStates({ p13, p31 = 100 - p13, p32 = 0, p23 = 100, p14 = 0 }: FourStates): Chain {
  const [a, b, c, d, e] = [p13 / 100, p31 / 100, p32 / 100, p23 / 100, p14 / 100];
  // Nothing leads back from a burst: in the end all is burst.
  const one = a > 0 && b === 0 ? 0 : 1;
  const three = one === 0 ? 1 : a === 0 ? 0 : a / b;
  const two = c === 0 ? 0 : d === 0 ? Infinity : (three * c) / d;
  const weights = two === Infinity && three > 0 ? [0, 1, 0, 0] : [one, two, three, one * e];
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return {
    stationary: weights.map((weight) => weight / sum),
    transitions: [
      [1 - a - e, 0, a, e],
      [0, 1 - d, d, 0],
      [b, c, 1 - b - c, 0],
      [1, 0, 0, 0],
    ],
    lost: [0, 0, 1, 1],
  };
}

function product(weights: readonly number[], values: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * (values[index] ?? 0), 0);
}

function step(weights: readonly number[], transitions: readonly number[][]): number[] {
  return weights.map((_, to) =>
    product(
      weights,
      transitions.map((row) => row[to] ?? 0),
    ),
  );
}

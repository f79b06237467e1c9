// SPDX-License-Identifier: Apache-2.0
import type { DelayDistribution } from '../model/shaping.js';

/** netem's tables are numbers of 16 bits with 8192 for one jitter. */
const furthest = 4;

/**
 * The quantile of a share (0 to 1) of netem's delays, in jitters around the delay: even between -1 and 1 where no
 * distribution is named, else as the tables of iproute2 are made (netem/normal.c, pareto.c, paretonormal.c).
 */
export function standardDelay(distribution: DelayDistribution | undefined, share: number): number {
  switch (distribution) {
    case undefined:
      return 2 * share - 1;
    case 'normal':
      return normal(share);
    case 'pareto':
      return pareto(share);
    case 'paretonormal':
      return 0.25 * normal(share) + 0.75 * pareto(share);
  }
}

function pareto(share: number): number {
  return Math.min(furthest, (4 / 3) * ((1 - share) ** (-1 / 3) - 1.5));
}

/** By halving: exact to 2^-40, and no table of coefficients. */
function normal(share: number): number {
  let [low, high] = [-furthest, furthest];
  for (let step = 0; step < 43; step += 1) {
    const middle = (low + high) / 2;
    if (below(middle) < share) low = middle;
    else high = middle;
  }
  return high;
}

/** The share of a standard normal distribution below `x`, by its power series (Abramowitz and Stegun 26.2.11). */
function below(x: number): number {
  let term = x;
  let sum = x;
  for (let odd = 3; Math.abs(term) > 1e-17; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

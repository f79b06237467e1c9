// SPDX-License-Identifier: Apache-2.0

/**
 * How many of `trials` independent events of one `probability` (0 to 1) happen: fewer than `least` or more than `most` do
 * so at most in 1 - `confidence` of all cases (exact, equal tails).
 */
export function binomialInterval(
  trials: number,
  probability: number,
  confidence = 0.9999,
): { least: number; most: number } {
  const tail = (1 - confidence) / 2;
  const most = trials - fewest(trials, 1 - probability, tail);
  return { least: fewest(trials, probability, tail), most };
}

/** The smallest count that, with all smaller ones, is likelier than `tail`. */
function fewest(trials: number, probability: number, tail: number): number {
  if (probability >= 1) return trials;
  if (probability <= 0) return 0;
  const odds = Math.log(probability) - Math.log1p(-probability);
  let logOfOne = trials * Math.log1p(-probability);
  let sum = Math.exp(logOfOne);
  let count = 0;
  while (sum <= tail && count < trials) {
    logOfOne += Math.log((trials - count) / (count + 1)) + odds;
    count += 1;
    sum += Math.exp(logOfOne);
  }
  return count;
}

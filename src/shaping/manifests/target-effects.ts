// SPDX-License-Identifier: Apache-2.0
import { asFailure, Failure } from '../../errors/failure.js';
import type { Effects } from '../../model/shaping.js';
import { parseEffects, type EffectWords } from '../parse-effects.js';
import type { Place } from '../../manifests/place.js';

/**
 * The effects of one target. Reordering and the size of a queue mean nothing by themselves, but the delay for them may
 * stand in another target: mergeForPods has the last word. What is wrong is noted at `place`.
 */
export function targetEffects(words: EffectWords, place: Place, warnings: string[]): Effects | undefined {
  const waitsForOthers = words.delay === undefined && (words.reorder !== undefined || words.limit !== undefined);
  const parsed = place.attempt(() => parseWithoutFlags(waitsForOthers ? { ...words, delay: '1ms' } : words));
  if (parsed === undefined) return undefined;
  const { effects } = parsed;
  warnings.push(...parsed.warnings.map((warning) => `${place.toString()}: ${warning}`));
  if (waitsForOthers) delete effects.delay;
  return effects;
}

/** A manifest has no flags: its messages say `loss` where those of the command line say `--loss`. */
function parseWithoutFlags(words: EffectWords): { effects: Effects; warnings: string[] } {
  try {
    return parseEffects(words);
  } catch (thrown) {
    const { code, message, hint } = asFailure(thrown);
    throw new Failure(code, message.replace(/--(?=[a-z])/g, ''), {
      hint: hint?.replace(/--(?=[a-z])/g, ''),
      cause: thrown,
    });
  }
}

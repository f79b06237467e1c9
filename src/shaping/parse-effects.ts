// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Chance, DelayDistribution, Effects } from '../model/shaping.js';
import { refuseContradictions } from './effect-combinations.js';
import type { EffectWords } from './effect-words.js';
import { parseLoss } from './parse-loss.js';
import { parseSlot } from './parse-slot.js';
import { formatTime, parseCount, parsePercent, parseRateBitsPerSecond, parseTimeUs } from './units.js';

/** netem draws it as a signed 32-bit number of ns. */
const maxJitterUs = 2_147_483;

const distributions: readonly string[] = ['normal', 'pareto', 'paretonormal'] satisfies DelayDistribution[];

export type { EffectWords };

/** The effects that the words ask for, and what about them is lawful but rarely meant; Failure `usage` for what cannot be meant. */
export function parseEffects(words: EffectWords): { effects: Effects; warnings: string[] } {
  refuseContradictions(words);
  if (words.partition === true) return { effects: { partition: true }, warnings: [] };
  const delay = parseDelay(words);
  const loss = parseLossWithCorrelation(words);
  const duplicate = parseChance(words.duplicate, words.duplicateCorrelation, 'duplicate');
  const corrupt = parseChance(words.corrupt, words.corruptCorrelation, 'corrupt');
  const reorder = parseChance(words.reorder, words.reorderCorrelation, 'reorder');
  const effects: Effects = {
    ...(delay === undefined ? {} : { delay }),
    ...(loss === undefined ? {} : { loss }),
    ...(duplicate === undefined ? {} : { duplicate }),
    ...(corrupt === undefined ? {} : { corrupt }),
    ...(reorder === undefined
      ? {}
      : { reorder: words.gap === undefined ? reorder : { ...reorder, gap: parseCount(words.gap, '--gap', 1, 1e6) } }),
    ...(words.rate === undefined ? {} : { rateBitsPerSecond: parseRateBitsPerSecond(words.rate, '--rate') }),
    ...(words.limit === undefined ? {} : { limitPackets: parseCount(words.limit, '--limit', 1, 1e6) }),
    ...(words.slot === undefined ? {} : { slot: parseSlot(words.slot) }),
  };
  return { effects, warnings: warningsOf(effects) };
}

const refuseZero = (flag: string): never => {
  throw new Failure('usage', `--${flag} 0 has no effect`, { hint: `leave --${flag} out, or say how much` });
};

function parseDelay(words: EffectWords): Effects['delay'] {
  if (words.delay === undefined) return undefined;
  const us = parseTimeUs(words.delay, '--delay');
  if (us === 0) refuseZero('delay');
  const jitterUs = words.jitter === undefined ? 0 : parseTimeUs(words.jitter, '--jitter');
  if (words.jitter !== undefined && jitterUs === 0) refuseZero('jitter');
  if (jitterUs > maxJitterUs) {
    throw new Failure(
      'usage',
      `invalid value "${words.jitter ?? ''}" for --jitter: more than ${formatTime(maxJitterUs)}`,
      {
        hint: 'netem would make it that, without a word',
      },
    );
  }
  const correlationPercent = words.correlation === undefined ? 0 : parsePercent(words.correlation, '--correlation');
  const { distribution } = words;
  if (distribution !== undefined && distribution !== 'uniform' && !distributions.includes(distribution)) {
    throw new Failure('usage', `invalid value "${distribution}" for --distribution`, {
      hint: `there are uniform (what it is without), ${distributions.join(', ')}`,
    });
  }
  return {
    us,
    ...(jitterUs === 0 ? {} : { jitterUs }),
    ...(correlationPercent === 0 ? {} : { correlationPercent }),
    ...(distribution === undefined || distribution === 'uniform'
      ? {}
      : { distribution: distribution as DelayDistribution }),
  };
}

function parseLossWithCorrelation(words: EffectWords): Effects['loss'] {
  if (words.loss === undefined) return undefined;
  const loss = parseLoss(words.loss);
  if (loss.model === 'random' && loss.percent === 0) refuseZero('loss');
  if (words.lossCorrelation === undefined) return loss;
  if (loss.model !== 'random') {
    throw new Failure('usage', `--loss-correlation does not go with --loss ${loss.model}`, {
      hint: 'the model itself says how losses depend on each other',
    });
  }
  return withCorrelation(loss, words.lossCorrelation, 'loss');
}

function withCorrelation<T extends Chance>(chance: T, words: string, flag: string): T {
  const correlationPercent = parsePercent(words, `--${flag}-correlation`);
  return correlationPercent === 0 ? chance : { ...chance, correlationPercent };
}

function parseChance(words: string | undefined, correlation: string | undefined, flag: string): Chance | undefined {
  if (words === undefined) return undefined;
  const percent = parsePercent(words, `--${flag}`);
  if (percent === 0) refuseZero(flag);
  return correlation === undefined ? { percent } : withCorrelation({ percent }, correlation, flag);
}

function warningsOf({ delay }: Effects): string[] {
  if (delay?.jitterUs === undefined || delay.jitterUs <= delay.us) return [];
  return [
    `jitter ${formatTime(delay.jitterUs)} is more than the delay ${formatTime(delay.us)}: a packet cannot leave before it came, so the mean delay will be longer than asked`,
  ];
}

// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import { nearestNames } from '../../targets/edit-distance.js';
import { quote } from '../../targets/quote.js';
import type { EffectWords } from '../parse-effects.js';
import { bytesWarning, rateOfTc, timeOfTc } from './tc-units.js';

/** The words of netem's command line (tc-netem(8)) that begin an option, and what reads the words after it. */
const options: Readonly<Record<string, (words: NetemWords) => EffectWords>> = {
  delay: delayOption,
  latency: delayOption,
  loss: lossOption,
  drop: lossOption,
  duplicate: (words) => chance(words, 'duplicate', 'duplicateCorrelation'),
  corrupt: (words) => chance(words, 'corrupt', 'corruptCorrelation'),
  reorder: reorderOption,
  rate: rateOption,
  limit: (words) => ({ limit: words.need('a number of packets') }),
  slot: slotOption,
};

export const netemTypes: readonly string[] = Object.keys(options);

/** The words of a value, from the first to the last. */
class NetemWords {
  private index = 0;
  readonly warnings: string[] = [];

  constructor(private readonly words: readonly string[]) {}

  next(): string | undefined {
    return this.words[this.index++];
  }

  need(what: string): string {
    const word = this.number();
    if (word === undefined) throw new Failure('usage', `${what} is missing`);
    return word;
  }

  /** The next word if it is a number with or without a unit: no word that begins an option is. */
  number(): string | undefined {
    return /^[\d.]/.test(this.words[this.index] ?? '') ? this.next() : undefined;
  }

  keyword(...keywords: readonly string[]): string | undefined {
    return keywords.includes(this.words[this.index] ?? '') ? this.next() : undefined;
  }
}

/**
 * What follows `netem TYPE` on tc's command line, as words of ours: `100ms 10ms 25% distribution normal` of a delay, more
 * options of other types behind it included. Throws Failure `usage` for what netem does not have or we do not do.
 */
export function parseNetemValue(type: string, value: string): { words: EffectWords; warnings: string[] } {
  const words = new NetemWords([type, ...value.split(/\s+/).filter((word) => word !== '')]);
  const read: EffectWords = {};
  for (let name = words.next(); name !== undefined; name = words.next()) {
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined) throw unknownWord(name);
    const more = option(words);
    if (Object.keys(more).some((key) => Object.hasOwn(read, key))) {
      throw new Failure('usage', `${quote(name)} is there twice`);
    }
    Object.assign(read, more);
  }
  return { words: read, warnings: words.warnings };
}

function unknownWord(word: string): Failure {
  if (word === 'ecn') return new Failure('usage', '"ecn" is not done: packets are lost, not marked');
  if (word === 'gap') return new Failure('usage', '"gap" belongs to reorder', { hint: 'write reorder 100% gap 5' });
  if (word === 'distribution') return new Failure('usage', '"distribution" belongs to a delay with jitter');
  const [nearest] = nearestNames(word, netemTypes, 1);
  return new Failure('usage', `${quote(word)} is not understood here`, {
    hint: nearest === undefined ? "the grammar is netem's: see tc-netem(8)" : `did you mean ${nearest}?`,
  });
}

function delayOption(words: NetemWords): EffectWords {
  const delay = timeOfTc(words.need('a time'));
  const jitterWord = words.number();
  const jitter = jitterWord === undefined ? undefined : timeOfTc(jitterWord);
  const correlation = jitter === undefined ? undefined : words.number();
  const read = words.keyword('distribution') === undefined ? {} : distribution(words.next());
  // tc takes a jitter of 0 for none, and what belongs to it for nothing.
  if (jitter !== undefined && Number.parseFloat(jitter) === 0) return { delay };
  return {
    delay,
    ...(jitter === undefined ? {} : { jitter }),
    ...(correlation === undefined ? {} : { correlation }),
    ...read,
  };
}

/** netem without a table is uniform, which has no word of ours. */
function distribution(name: string | undefined): EffectWords {
  if (name === 'uniform') return {};
  if (name === 'normal' || name === 'pareto' || name === 'paretonormal') return { distribution: name };
  throw new Failure('usage', `no distribution ${quote(name ?? '')}`, {
    hint: 'there are uniform, normal, pareto and paretonormal',
  });
}

function lossOption(words: NetemWords): EffectWords {
  const model = words.keyword('random', 'gemodel', 'state');
  if (model === undefined || model === 'random') return chance(words, 'loss', 'lossCorrelation');
  const most = model === 'gemodel' ? 4 : 5;
  const numbers = [words.need('a probability')];
  for (let word = words.number(); word !== undefined; word = words.number()) numbers.push(word);
  if (numbers.length > most) throw new Failure('usage', `${model} has ${most} probabilities, not ${numbers.length}`);
  return { loss: `${model}:${numbers.join(',')}` };
}

function chance(words: NetemWords, name: keyof EffectWords, correlationName: keyof EffectWords): EffectWords {
  const percent = words.need('a percentage');
  const correlation = words.number();
  return { [name]: percent, ...(correlation === undefined ? {} : { [correlationName]: correlation }) };
}

function reorderOption(words: NetemWords): EffectWords {
  const read = chance(words, 'reorder', 'reorderCorrelation');
  return words.keyword('gap') === undefined ? read : { ...read, gap: words.need('a number of packets') };
}

function rateOption(words: NetemWords): EffectWords {
  const written = words.need('a rate');
  const { word, isBytes } = rateOfTc(written);
  if (isBytes) words.warnings.push(bytesWarning(written, word));
  if (words.number() !== undefined) {
    throw new Failure('usage', "a rate's packet overhead and cells are not done", { hint: 'give the rate alone' });
  }
  return { rate: word };
}

function slotOption(words: NetemWords): EffectWords {
  if (words.keyword('distribution') !== undefined) throw new Failure('usage', 'slots with a distribution are not done');
  const least = timeOfTc(words.need('a time'));
  const most = words.number();
  let slot = most === undefined ? least : `${least}-${timeOfTc(most)}`;
  for (let name = words.keyword('packets', 'bytes'); name !== undefined; name = words.keyword('packets', 'bytes')) {
    slot += `,${name}=${words.need('a number')}`;
  }
  return { slot };
}

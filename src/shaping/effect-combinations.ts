// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { EffectWords } from './effect-words.js';

type Word = Exclude<keyof EffectWords, 'partition'>;

/** What stands on its own; the others say something about one of these. */
const effectWords = ['delay', 'loss', 'duplicate', 'corrupt', 'reorder', 'rate', 'slot'] as const satisfies Word[];

/** Words that mean nothing without one of others, and why; the first that is broken is said. */
const dependencies: readonly { word: Word; needs: readonly Word[]; why: string }[] = [
  { word: 'jitter', needs: ['delay'], why: 'it is what the delay varies by' },
  {
    word: 'correlation',
    needs: ['jitter'],
    why: 'it is how much the jitter of a packet is like that of the one before',
  },
  { word: 'distribution', needs: ['jitter'], why: 'it is how the jitter is distributed' },
  { word: 'lossCorrelation', needs: ['loss'], why: 'it is how much a loss depends on the one before' },
  { word: 'duplicateCorrelation', needs: ['duplicate'], why: 'it is how much a duplicate depends on the one before' },
  { word: 'corruptCorrelation', needs: ['corrupt'], why: 'it is how much a corruption depends on the one before' },
  { word: 'reorderCorrelation', needs: ['reorder'], why: 'it is how much a reordering depends on the one before' },
  { word: 'gap', needs: ['reorder'], why: 'it is how many packets lie between reordered ones' },
  { word: 'reorder', needs: ['delay'], why: 'a packet overtakes others by not being delayed' },
  { word: 'limit', needs: ['delay', 'rate', 'slot'], why: 'nothing waits otherwise' },
];

const flagOf = (word: Word): string => `--${word.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Failure `usage` for words that cannot be meant together, or that lack what they are about. */
export function refuseContradictions(words: EffectWords): void {
  const given = (Object.keys(words) as (keyof EffectWords)[]).filter(
    (word): word is Word => word !== 'partition' && words[word] !== undefined,
  );
  if (words.partition === true && given[0] !== undefined) {
    throw new Failure('usage', `--partition does not go with ${flagOf(given[0])}`, {
      hint: 'a partition drops every packet: there is nothing left to do to them',
    });
  }
  for (const { word, needs, why } of dependencies) {
    if (words[word] === undefined || needs.some((needed) => words[needed] !== undefined)) continue;
    throw new Failure('usage', `${flagOf(word)} needs ${needs.map(flagOf).join(' or ')}`, { hint: why });
  }
  if (words.partition !== true && !effectWords.some((word) => words[word] !== undefined)) {
    throw new Failure('usage', 'no effect is asked for', {
      hint: `name at least one of ${effectWords.map(flagOf).join(', ')}, --partition`,
    });
  }
}

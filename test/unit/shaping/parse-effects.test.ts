// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors/failure.js';
import { describeEffects } from '../../../src/shaping/describe-effects.js';
import { parseEffects, type EffectWords } from '../../../src/shaping/parse-effects.js';
import { acceptedWords } from './arbitrary-rules.js';

const textOf = (words: EffectWords): string => describeEffects(parseEffects(words).effects);

describe('effects', () => {
  it.each<[EffectWords, string]>([
    [{ delay: '100ms', jitter: '10', loss: '1' }, 'delay 100ms jitter 10ms, loss 1%'],
    [
      { delay: '1s', jitter: '5ms', correlation: '25%', distribution: 'normal' },
      'delay 1s jitter 5ms correlation 25% distribution normal',
    ],
    [{ loss: 'gemodel:1,10' }, 'loss gemodel 1% 10%'],
    [{ loss: 'state:1,2,3,4,5' }, 'loss state 1% 2% 3% 4% 5%'],
    [
      { delay: '10', reorder: '25', reorderCorrelation: '50', gap: '5' },
      'delay 10ms, reorder 25% correlation 50% gap 5',
    ],
    [{ rate: '10mbit', limit: '50' }, 'rate 10mbit, limit 50 packets'],
    [{ slot: '10ms-20ms,packets=16,bytes=65536' }, 'slot 10ms-20ms packets 16 bytes 65536'],
    [{ duplicate: '1', duplicateCorrelation: '0', corrupt: '0.1' }, 'duplicate 1%, corrupt 0.1%'],
    [{ partition: true }, 'partition'],
    [{ delay: '5', jitter: '1', distribution: 'uniform' }, 'delay 5ms jitter 1ms'],
  ])('%j', (words, text) => expect(textOf(words)).toBe(text));

  it.each<[EffectWords, string]>([
    [{}, 'no effect is asked for'],
    [{ partition: false }, 'no effect is asked for'],
    [{ reorder: '25' }, '--reorder needs --delay'],
    [{ jitter: '5' }, '--jitter needs --delay'],
    [{ delay: '5', correlation: '5' }, '--correlation needs --jitter'],
    [{ delay: '5', distribution: 'normal' }, '--distribution needs --jitter'],
    [{ delay: '5', lossCorrelation: '5' }, '--loss-correlation needs --loss'],
    [{ loss: '5', duplicateCorrelation: '5' }, '--duplicate-correlation needs --duplicate'],
    [{ delay: '5', gap: '5' }, '--gap needs --reorder'],
    [{ loss: '5', limit: '5' }, '--limit needs --delay or --rate or --slot'],
    [{ partition: true, delay: '5' }, '--partition does not go with --delay'],
    [{ partition: true, lossCorrelation: '5' }, '--partition does not go with --loss-correlation'],
    [{ loss: 'gemodel:5', lossCorrelation: '5' }, '--loss-correlation does not go with --loss gemodel'],
    [{ delay: '0' }, '--delay 0 has no effect'],
    [{ delay: '5', jitter: '0ms' }, '--jitter 0 has no effect'],
    [{ loss: '0' }, '--loss 0 has no effect'],
    [{ corrupt: '0%' }, '--corrupt 0 has no effect'],
    [{ slot: '0' }, '--slot 0 has no effect'],
    [{ loss: '101' }, 'invalid value "101" for --loss: more than 100 %'],
    [
      { loss: 'state:60,10,10,10,50' },
      'invalid value "state:60,10,10,10,50" for --loss: P13 and P14 are more than 100 % together',
    ],
    [{ loss: 'state:5,60,50' }, 'invalid value "state:5,60,50" for --loss: P31 and P32 are more than 100 % together'],
    [{ loss: 'gemodel:1,2,3,4,5' }, 'invalid value "gemodel:1,2,3,4,5" for --loss: too many numbers'],
    [{ loss: 'gemodel:0' }, 'invalid value "gemodel:0" for --loss: it never loses anything'],
    [{ delay: '5', jitter: '1', distribution: 'bell' }, 'invalid value "bell" for --distribution'],
    [{ delay: '5s', jitter: '3s' }, 'invalid value "3s" for --jitter: more than 2147483us'],
    [{ delay: '5', reorder: '5', gap: '0' }, 'invalid value "0" for --gap: not a whole number from 1 to 1000000'],
    [{ slot: '5-3' }, 'invalid value "5-3" for --slot: the longest time is shorter than the shortest'],
    [{ slot: '5,packets=1,packets=2' }, 'invalid value "5,packets=1,packets=2" for --slot: "packets=2"'],
  ])('%j is refused: %s', (words, message) => {
    expect(() => parseEffects(words)).toThrow(expect.objectContaining({ code: 'usage', message }));
  });

  it('more jitter than delay is said, not refused', () => {
    expect(parseEffects({ delay: '5', jitter: '10' }).warnings).toMatchObject([
      /^jitter 10ms is more than the delay 5ms/,
    ]);
  });

  it('any words are read or refused, never more', () => {
    const text = fc.option(fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9.,:%=-]{0,12}$/)), { nil: undefined });
    const names = ['delay', 'jitter', 'correlation', 'distribution', 'loss', 'reorder', 'gap', 'rate', 'limit', 'slot'];
    fc.assert(
      fc.property(fc.record(Object.fromEntries(names.map((name) => [name, text]))), (words) => {
        try {
          parseEffects(words);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Failure);
          expect(thrown).toMatchObject({ code: 'usage' });
        }
      }),
    );
  });

  it('what is accepted has an effect and words for it', () => {
    fc.assert(
      fc.property(acceptedWords, (words) => {
        expect(textOf(words)).toMatch(/^[a-z]+/);
      }),
    );
  });
});

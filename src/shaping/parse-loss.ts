// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Loss } from '../model/shaping.js';
import { parsePercent } from './units.js';

const flag = '--loss';

const refuse = (text: string, why: string, hint: string): never => {
  throw new Failure('usage', `invalid value "${text}" for ${flag}: ${why}`, { hint });
};

/** `PERCENT`, `gemodel:P[,R[,1-H[,1-K]]]` or `state:P13[,P31[,P32[,P23[,P14]]]]`; see tc-netem(8). */
export function parseLoss(text: string): Loss {
  const [, model, list] = /^(gemodel|state):(.*)$/.exec(text.trim()) ?? [];
  if (list === undefined) return { model: 'random', percent: parsePercent(text, flag) };
  const numbers = list.split(',').map((word) => parsePercent(word, `${flag} ${text}`));
  return model === 'gemodel' ? gilbertElliott(text, numbers) : fourStates(text, numbers);
}

function gilbertElliott(text: string, numbers: readonly number[]): Loss {
  if (numbers.length > 4) refuse(text, 'too many numbers', 'gemodel:P[,R[,1-H[,1-K]]]');
  const [p = 0, r, oneMinusH, oneMinusK] = numbers;
  if (p === 0 && (oneMinusK ?? 0) === 0)
    refuse(text, 'it never loses anything', 'P is the chance to fall into the bad state');
  return {
    model: 'gemodel',
    p,
    ...(r === undefined ? {} : { r }),
    ...(oneMinusH === undefined ? {} : { oneMinusH }),
    ...(oneMinusK === undefined ? {} : { oneMinusK }),
  };
}

function fourStates(text: string, numbers: readonly number[]): Loss {
  if (numbers.length > 5) refuse(text, 'too many numbers', 'state:P13[,P31[,P32[,P23[,P14]]]]');
  const [p13 = 0, p31, p32, p23, p14] = numbers;
  if (p13 + (p14 ?? 0) > 100)
    refuse(text, 'P13 and P14 are more than 100 % together', 'both lead away from the same state');
  if ((p31 ?? 100 - p13) + (p32 ?? 0) > 100) {
    refuse(text, 'P31 and P32 are more than 100 % together', 'both lead away from the same state');
  }
  if (p13 === 0 && (p14 ?? 0) === 0)
    refuse(text, 'it never loses anything', 'P13 is the chance to begin a burst of losses');
  return {
    model: 'state',
    p13,
    ...(p31 === undefined ? {} : { p31 }),
    ...(p32 === undefined ? {} : { p32 }),
    ...(p23 === undefined ? {} : { p23 }),
    ...(p14 === undefined ? {} : { p14 }),
  };
}

/** The four numbers in the order of the words, with tc(8)'s values for those left out. */
export function gilbertElliottNumbers(loss: Extract<Loss, { model: 'gemodel' }>): readonly number[] {
  return [loss.p, loss.r ?? 100 - loss.p, loss.oneMinusH ?? 100, loss.oneMinusK ?? 0];
}

/** The five numbers in the order of the words, with tc(8)'s values for those left out. */
export function fourStateNumbers(loss: Extract<Loss, { model: 'state' }>): readonly number[] {
  return [loss.p13, loss.p31 ?? 100 - loss.p13, loss.p32 ?? 0, loss.p23 ?? 100, loss.p14 ?? 0];
}

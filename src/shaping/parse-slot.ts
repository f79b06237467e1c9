// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Effects } from '../model/shaping.js';
import { parseCount, parseTimeUs } from './units.js';

const flag = '--slot';

/** `MIN[-MAX][,packets=N][,bytes=N]`: packets leave in bursts, so long after each other. */
export function parseSlot(text: string): NonNullable<Effects['slot']> {
  const [times = '', ...counts] = text.split(',');
  const [min = '', max, ...rest] = times.split('-');
  if (rest.length > 0) throw new Failure('usage', `invalid value "${text}" for ${flag}: MIN-MAX are two times`);
  const minUs = parseTimeUs(min, flag);
  const maxUs = max === undefined ? undefined : parseTimeUs(max, flag);
  if (maxUs !== undefined && maxUs < minUs) {
    throw new Failure('usage', `invalid value "${text}" for ${flag}: the longest time is shorter than the shortest`);
  }
  if ((maxUs ?? minUs) === 0)
    throw new Failure('usage', `${flag} ${text} has no effect`, { hint: 'say how long after each other' });
  const limits: { packets?: number; bytes?: number } = {};
  for (const word of counts) {
    const [, name, count] = /^(packets|bytes)=(.*)$/.exec(word.trim()) ?? [];
    if ((name !== 'packets' && name !== 'bytes') || count === undefined || limits[name] !== undefined) {
      throw new Failure('usage', `invalid value "${text}" for ${flag}: "${word}"`, {
        hint: `write it such as 10ms-20ms,packets=16,bytes=65536`,
      });
    }
    limits[name] = parseCount(count, flag, 1, 2 ** 31 - 1);
  }
  return { minUs, ...(maxUs === undefined ? {} : { maxUs }), ...limits };
}

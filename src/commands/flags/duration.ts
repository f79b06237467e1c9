// SPDX-License-Identifier: Apache-2.0
import { Flags } from '@oclif/core';
import { Failure } from '../../errors/failure.js';
import { durationHint, outOfBounds, readDurationMs } from '../../model/duration.js';

/** Milliseconds of a duration as `readDurationMs` takes it. Throws Failure `usage` that names the flag. */
export function parseDurationMs(text: string, flag: string): number {
  const ms = readDurationMs(text);
  if (ms === undefined) {
    throw new Failure('usage', `invalid value "${text}" for --${flag}: not a duration`, { hint: durationHint });
  }
  return ms;
}

/** A flag whose value is a duration; the parsed value is in whole milliseconds, rounded up. */
export const durationFlag = Flags.custom<number, { flag: string; minMs?: number; maxMs?: number }>({
  parse: (text, _context, { flag, ...bounds }) => {
    const ms = parseDurationMs(text, flag);
    const wrong = outOfBounds(ms, bounds);
    if (wrong !== undefined) throw new Failure('usage', `invalid value "${text}" for --${flag}: ${wrong}`);
    return Promise.resolve(Math.ceil(ms));
  },
});

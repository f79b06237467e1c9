// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDurationMs } from '../../../src/commands/flags/duration.js';
import { Failure } from '../../../src/errors/failure.js';

describe('parseDurationMs', () => {
  it.each([
    ['200ms', 200],
    ['1.5s', 1500],
    ['1m30s', 90_000],
    ['1h', 3_600_000],
    ['5', 5000],
    ['0', 0],
    ['100us', 0.1],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDurationMs(text, 'timeout')).toBeCloseTo(ms, 6);
  });

  it.each(['', 's', '5x', '-5s', '5s ', '5 s', '1e3', 'ms5'])('refuses "%s" and names the flag', (text) => {
    expect(() => parseDurationMs(text, 'timeout')).toThrow(/--timeout/);
  });

  it('never gives anything but a number of at least 0 or a usage failure', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(parseDurationMs(text, 'interval')).toBeGreaterThanOrEqual(0);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Failure);
          expect((thrown as Failure).code).toBe('usage');
        }
      }),
    );
  });
});

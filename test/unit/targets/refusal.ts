// SPDX-License-Identifier: Apache-2.0
import { expect } from 'vitest';
import { Failure, type FailureCode } from '../../../src/errors/failure.js';

/** The Failure that something throws; a test fails where it throws nothing, something else or another code. */
export function refusal(act: () => unknown, code: FailureCode = 'usage'): Failure {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    const failure = error as Failure;
    expect(failure.code).toBe(code);
    expect(failure.message).not.toContain('\n');
    return failure;
  }
  return expect.unreachable('nothing was refused');
}

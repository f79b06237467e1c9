// SPDX-License-Identifier: Apache-2.0
import { expect } from 'vitest';
import { Failure, type FailureCode } from '../../../src/errors/failure.js';

/** The Failure that something rejects with; a test fails where it does not, or with another code. */
export async function refused(act: Promise<unknown>, code: FailureCode): Promise<Failure> {
  const outcome = await act.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in outcome)) return expect.unreachable(`was not refused: ${JSON.stringify(outcome.value)}`);
  expect(outcome.error).toBeInstanceOf(Failure);
  const failure = outcome.error as Failure;
  expect(failure.code, failure.message).toBe(code);
  return failure;
}

// SPDX-License-Identifier: Apache-2.0

/** Work on all agents of a large cluster: yields often, so that who runs it can let others have their turn. */
export type Steps<Result> = Generator<undefined, Result, undefined>;

/** Runs it to its end at once. */
export function finished<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

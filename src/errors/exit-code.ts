// SPDX-License-Identifier: Apache-2.0
import type { Failure, FailureCode } from './failure.js';

const exitCodes: Record<FailureCode, number> = {
  usage: 2,
  notFound: 2,
  forbidden: 3,
  cluster: 3,
  tool: 3,
  bug: 3,
  unsupported: 5,
  interrupted: 130,
};

/** The exit code of a run that ended with this failure instead of a report (README, "Exit codes"). */
export function exitCodeOfFailure(failure: Failure): number {
  return exitCodes[failure.code];
}

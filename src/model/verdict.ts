// SPDX-License-Identifier: Apache-2.0

/** What a test may conclude, worst first in `verdicts`. */
export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'unsupported' | 'error';

/** All verdicts in the order in which reports list them. */
export const verdicts = ['fail', 'error', 'inconclusive', 'unsupported', 'pass'] as const satisfies readonly Verdict[];

/** Whether the user says that packets should arrive or that they must not. */
export type Expectation = 'allow' | 'deny';

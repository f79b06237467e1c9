// SPDX-License-Identifier: Apache-2.0
import type { Condition } from './conditions.js';
import type { SuiteTest } from './suite.js';

/** `rttMs.p95 < 5` */
function conditionText({ figure, comparison, value }: Condition): string {
  return `${figure} ${comparison} ${value}`;
}

/** What is expected of a test, in one line. */
export function expectationText({ expect, conditions, unsupported }: SuiteTest): string {
  if (unsupported !== undefined) return 'unsupported';
  return [expect, ...conditions.map(conditionText)].join(', ');
}

/** The sources or destinations of a test, in one line. */
export function endpointsText(endpoints: readonly { text: string }[]): string {
  return endpoints.map(({ text }) => text).join(', ');
}

// SPDX-License-Identifier: Apache-2.0
import type { AgentReport, ProbeValue } from '../model/check.js';
import type { Verdict } from '../model/verdict.js';

/** Probes of the same thing: that were made, that failed among them, and that an agent cannot make. */
export interface Tally {
  sent: number;
  failed: number;
  unsupported: number;
}

/** Counts one more; returns whether it failed. */
export function count(tally: Tally, value: ProbeValue): boolean {
  if (value === 'unsupported') {
    tally.unsupported += 1;
    return false;
  }
  tally.sent += 1;
  const hasFailed = typeof value === 'string';
  if (hasFailed) tally.failed += 1;
  return hasFailed;
}

/** Of all probes of a report. */
export function tallyOf({ outcomes }: AgentReport): Tally {
  const tally = { sent: 0, failed: 0, unsupported: 0 };
  for (const { values } of outcomes) for (const value of Object.values(values)) count(tally, value);
  return tally;
}

/** Where nothing was tried nothing is known. */
export function verdictOf({ sent, failed, unsupported }: Tally): Verdict {
  if (failed > 0) return 'fail';
  if (sent > 0) return 'pass';
  return unsupported > 0 ? 'unsupported' : 'inconclusive';
}

// SPDX-License-Identifier: Apache-2.0
import { checkProbes, type AgentReport } from '../../model/check.js';

/** How many probes of a report there were and how many failed, without those that the agent cannot make. */
export function reportSums({ outcomes }: AgentReport): { sent: number; failed: number } {
  let sent = 0;
  let failed = 0;
  for (const { values } of outcomes) {
    for (const probe of checkProbes) {
      const value = values[probe];
      if (value === undefined || value === 'unsupported') continue;
      sent += 1;
      if (typeof value === 'string') failed += 1;
    }
  }
  return { sent, failed };
}

// SPDX-License-Identifier: Apache-2.0
import type { CheckReport } from '../../model/check.js';
import { summaryWords } from '../conclusion.js';
import { plainText } from '../plain-text.js';
import { sinceText } from '../mesh/since-text.js';

/** What was done in each round: `interval 15s, the next 10 nodes on a ring, payload 1500 entries, 3001 bytes`. */
export function settingsText({ mode, settings, payloadBytes }: CheckReport): string {
  const { intervalMs, neighbours, payloadEntries, externalName } = settings;
  return [
    mode === 'installed' ? `interval ${sinceText(intervalMs)}` : 'one round',
    neighbours === 0 ? 'every agent probes all others' : `every agent probes the next ${neighbours} on a ring`,
    `payload ${payloadEntries} entries, ${payloadBytes} bytes`,
    ...(externalName === undefined ? [] : [`external name ${plainText(externalName)}`]),
  ].join(', ');
}

/** How an API without authentication is named wherever it is served. */
export const legacyText = 'legacy API (netchecker): served, unauthenticated';

/** `15 tests: 14 pass, 1 fail in 12.3 s`. */
export function testsText({ summary, durationMs }: CheckReport): string {
  return summaryWords(summary, durationMs).join(' ');
}

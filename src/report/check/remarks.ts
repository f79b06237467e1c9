// SPDX-License-Identifier: Apache-2.0
import type { CheckReport } from '../../model/check.js';
import { summaryWords } from '../conclusion.js';
import { plainText } from '../plain-text.js';
import { sinceText } from '../mesh/since-text.js';
import { probeCount } from './words.js';

/** What was done in each round: `a round every 15s, agents probe the next 10 nodes on a ring, large probes of 3001 bytes (payload 1500)`. */
export function settingsText({ mode, settings, payloadBytes, nodes }: CheckReport): string {
  const { intervalMs, neighbours, payloadEntries, externalName } = settings;
  // How many rounds a one-shot check had time for is not in its report.
  const isEverybody = neighbours === 0 || nodes.length <= neighbours + 1;
  return [
    mode === 'installed' ? `a round every ${sinceText(intervalMs)}` : 'verdicts of the last round',
    `agents probe ${isEverybody ? 'all others' : `the next ${neighbours} nodes on a ring`}`,
    `large probes of ${payloadBytes} bytes (payload ${payloadEntries})`,
    ...(externalName === undefined ? [] : [`external name ${plainText(externalName)}`]),
  ].join(', ');
}

/** How an API without authentication is named wherever it is served. */
export const legacyText = 'legacy API (netchecker): served, unauthenticated';

/** `15 tests: 14 pass, 1 fail in 12.3 s`; what installed agents found was there already, and took no time. */
export function testsText({ mode, summary, durationMs }: CheckReport): string {
  return summaryWords(summary, mode === 'once' ? durationMs : undefined).join(' ');
}

/** Why an installed check knows nothing, where it is only too early: its server or its agents have just been started. */
export function tooEarlyText(report: CheckReport): string | undefined {
  const { mode, verdict, settings } = report;
  if (mode === 'once' || verdict !== 'inconclusive' || probeCount(report) > 0) return undefined;
  return `no agent has reported to this server yet: they do every ${sinceText(settings.intervalMs)}, so look again, or with --watch`;
}

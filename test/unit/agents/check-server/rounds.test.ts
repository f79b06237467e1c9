// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rounds } from '../../../../src/agents/check-server/rounds.js';
import type { AgentReport } from '../../../../src/model/check.js';
import { anyReport } from './reports.js';

const sent = (report: AgentReport): AgentReport => JSON.parse(JSON.stringify(report)) as AgentReport;

describe('the rounds of an agent', () => {
  it('are the last ones, as they came', () => {
    const added = fc.array(fc.tuple(anyReport, fc.integer({ min: 1, max: 8 })), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(added, (all) => {
        const rounds = new Rounds();
        let expected: AgentReport[] = [];
        for (const [report, most] of all) {
          rounds.add(JSON.stringify(report), most);
          expected = [...expected, sent(report)].slice(-most);
        }
        expect(rounds.reports()).toEqual(expected);
        expect(rounds.newest()).toEqual(expected.at(-1));
      }),
      { numRuns: 50 },
    );
  });

  it('are none at first', () => {
    expect(new Rounds().reports()).toEqual([]);
    expect(new Rounds().newest()).toBeUndefined();
  });
});

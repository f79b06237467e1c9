// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkReport, type CheckInput } from '../../../src/connectivity/check-report.js';
import { judgedAgents, observationsOf } from '../../../src/connectivity/observation.js';
import type { CheckFailure } from '../../../src/model/check.js';
import { simulated, startedAt } from './simulated-cluster.js';

const failures: CheckFailure[] = [
  'timeout',
  'refused',
  'unreachable',
  'reset',
  'tooBig',
  'nameNotFound',
  'status',
  'other',
];
const shapes = fc.record({
  nodes: fc.integer({ min: 1, max: 6 }),
  isDualStack: fc.boolean(),
  neighbours: fc.integer({ min: 0, max: 3 }),
  networks: fc.constantFrom(['pod', 'host'] as const, ['pod'] as const),
  externalName: fc.constantFrom(undefined, 'example.com.'),
});
const states = fc.constantFrom('OK', 'Outdated', 'Absent');

/** A cluster in which anything fails, in no shape at all or in a whole one. */
const inputs = fc
  .tuple(shapes, fc.infiniteStream(fc.nat(99)), fc.integer({ min: 0, max: 100 }), fc.array(states, { maxLength: 4 }))
  .map(([{ externalName, ...shape }, chance, percent, late]): CheckInput => {
    const input = simulated({ ...shape, ...(externalName === undefined ? {} : { externalName }) });
    const agents = input.agents.map((known, index) => ({
      ...known,
      agent: { ...known.agent, state: late[index] ?? ('OK' as const) },
      reports: known.reports.map((report) => ({
        ...report,
        outcomes: report.outcomes.map((outcome) => {
          const isBroken = chance.next().value < percent;
          const values = Object.keys(outcome.values).map((probe) => {
            const fails = isBroken && chance.next().value < 60;
            return [probe, fails ? failures[chance.next().value % failures.length] : 0.3];
          });
          return { ...outcome, values: Object.fromEntries(values) as typeof outcome.values };
        }),
      })),
    }));
    return { ...input, agents };
  });

function failedProbes({ agents }: CheckInput): number {
  return judgedAgents(agents, Date.parse(startedAt)).reduce(
    (sum, { known, report }) =>
      sum +
      (report === undefined ? [] : observationsOf(known, report)).filter(({ failure }) => failure !== undefined).length,
    0,
  );
}

describe('checkReport', () => {
  it('explains every probe that failed by exactly one finding', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { findings } = checkReport(input);
        expect(findings.reduce((sum, { failed }) => sum + failed, 0)).toBe(failedProbes(input));
      }),
      { numRuns: 150 },
    );
  });

  it('fails where something failed, and passes with nothing found where nothing did', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const report = checkReport(input);
        const isLate = input.agents.some(({ agent }) => agent.state !== 'OK');
        const isWell = failedProbes(input) === 0 && !isLate;
        expect(report.verdict).toBe(isWell ? 'pass' : 'fail');
        expect(report.findings.some(({ severity }) => severity === 'failure')).toBe(!isWell);
        const { total, ...rest } = report.summary;
        expect(Object.values(rest).reduce((sum, count) => sum + count, 0)).toBe(total);
      }),
      { numRuns: 60 },
    );
  });

  it('does not depend on the order of nodes, agents and outcomes', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const turned = {
          ...input,
          nodes: [...input.nodes].reverse(),
          agents: [...input.agents].reverse().map((known) => ({
            ...known,
            reports: known.reports.map((report) => ({ ...report, outcomes: [...report.outcomes].reverse() })),
          })),
        };
        expect(checkReport(turned)).toEqual(checkReport(input));
      }),
      { numRuns: 60 },
    );
  });
});

// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../../src/model/report.js';
import { figures, type Condition } from '../../../src/suites/conditions.js';
import { figureOf, judgeConditions } from '../../../src/suites/judge-conditions.js';
import { ping, web0 } from '../report/sample-reports.js';

const reached: Result = { id: 'r1', ...ping(web0, { ref: 'pod/api', kind: 'pod', address: '198.19.1.7' }, 4) };
const under = (condition: Condition, result = reached) => judgeConditions(result, [condition]);

describe('a condition', () => {
  it.each([
    ['<', 5, 'pass'],
    ['<', 4, 'fail'],
    ['<=', 4, 'pass'],
    ['=', 4, 'pass'],
    ['=', 5, 'fail'],
    ['>=', 4, 'pass'],
    ['>', 4, 'fail'],
  ] as const)('avg of 4 ms %s %d: %s', (comparison, value, verdict) => {
    expect(under({ figure: 'rttMs.avg', comparison, value }).verdict).toBe(verdict);
  });

  it('that is not met says what was found and what was expected', () => {
    expect(under({ figure: 'rttMs.avg', comparison: '<', value: 3 })).toMatchObject({
      reason: 'ExpectationNotMet',
      message: '5 of 5 answered, but rttMs.avg is 4, expected < 3',
    });
  });

  it('says no figure twice that the message says', () => {
    const http = { url: 'http://api/', method: 'GET', status: 200 };
    const result = { ...reached, message: 'status 200', http };
    const conditions: Condition[] = [
      { figure: 'http.status', comparison: '=', value: 500 },
      { figure: 'rttMs.avg', comparison: '<', value: 3 },
      { figure: 'rttMs.max', comparison: '<', value: 4 },
    ];
    expect(judgeConditions(result, conditions).message).toBe(
      'status 200, expected http.status = 500, but rttMs.avg is 4, expected < 3, rttMs.max is 8, expected < 4',
    );
  });

  it('on a figure that is not known leaves the question open', () => {
    const judged = under({ figure: 'rttMs.p99', comparison: '<', value: 3 });
    expect(judged).toMatchObject({ verdict: 'inconclusive', reason: 'ExpectationNotMet' });
    expect(judged.message).toContain('rttMs.p99 is not known');
  });

  it.each(['fail', 'error', 'inconclusive', 'unsupported'] as const)(
    'changes nothing of a test that is %s',
    (verdict) => {
      const result = { ...reached, verdict };
      expect(under({ figure: 'rttMs.avg', comparison: '<', value: 3 }, result)).toBe(result);
    },
  );
});

it('either a condition or its opposite is met, of every figure', () => {
  const value = fc.double({ min: 0, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(fc.constantFrom(...figures), value, value, (figure, found, bound) => {
      const [first = '', ...rest] = figure.split('.').reverse();
      const fields = rest.reduce<unknown>((inner, step) => ({ [step]: inner }), { [first]: found });
      const result = { ...reached, ...(figure.includes('.') ? (fields as object) : { [figure]: found }) };
      expect(figureOf(result, figure)).toBe(found);
      const verdictOf = (comparison: Condition['comparison']) =>
        under({ figure, comparison, value: bound }, result).verdict;
      expect([verdictOf('<'), verdictOf('>=')].sort()).toEqual(['fail', 'pass']);
      expect([verdictOf('<='), verdictOf('>')].sort()).toEqual(['fail', 'pass']);
      expect(verdictOf('=')).toBe(found === bound ? 'pass' : 'fail');
    }),
  );
});

// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors/failure.js';
import { renderJson } from '../../../src/report/json.js';
import { jsonFault } from '../../../src/report/json-fault.js';
import { parseReport } from '../../../src/report/parse-report.js';
import { anyReport } from './arbitrary-report.js';
import { connectFromOne } from './sample-reports.js';

function refusal(text: string): string {
  try {
    parseReport(text, 'run.json');
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === 'usage') return thrown.message;
    throw thrown;
  }
  throw new Error('it was accepted');
}

const [first] = connectFromOne.results;
const changed = (change: object) => JSON.stringify({ ...connectFromOne, ...change });
const withResult = (change: object) => changed({ results: [first, { ...first, ...change }] });

describe('a saved report', () => {
  it('is what it was', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        expect(parseReport(renderJson(report), 'run.json')).toEqual(report);
      }),
    );
  });

  it('may come with a byte order mark, and with keys of a later version', () => {
    expect(parseReport(`\ufeff${JSON.stringify(connectFromOne)}`, 'run.json')).toEqual(connectFromOne);
    expect(parseReport(withResult({ later: true }), 'run.json').results).toHaveLength(2);
  });

  it('is counted anew, because results may have been taken out of it', () => {
    expect(parseReport(changed({ results: [first] }), 'run.json').summary).toMatchObject({
      total: 1,
      fail: 1,
      pass: 0,
    });
  });

  it.each([
    ['', 'run.json is empty'],
    ['[]', 'run.json is no report but []'],
    ['"x"', 'run.json is no report but "x"'],
    ['null', 'run.json is no report but null'],
    ['{"a": 1,}', 'run.json:1:9: not JSON: it stops being JSON there'],
    [changed({}).slice(0, 200), 'run.json:1:201: not JSON: it ends in the middle'],
    ['apiVersion: netmachinery.io/v1\nkind: Report\n', 'run.json:1:1: not JSON: it stops being JSON there'],
    ['{}', 'run.json: apiVersion must be netmachinery.io/v1, and is nothing'],
    [
      changed({ apiVersion: 'netmachinery.io/v2' }),
      'run.json: apiVersion must be netmachinery.io/v1, and is "netmachinery.io/v2"',
    ],
    [changed({ kind: 'ShapeReport' }), 'run.json: kind must be Report, and is "ShapeReport" (what shape prints)'],
    [changed({ kind: 'CheckReport' }), 'run.json: kind must be Report, and is "CheckReport" (what check prints)'],
    [changed({ kind: 'constructor' }), 'run.json: kind must be Report, and is "constructor"'],
    [changed({ hints: undefined }), 'run.json: the report has no hints'],
    [changed({ results: {} }), 'run.json: results must be array, and is {}'],
    [changed({ startedAt: 'soon' }), 'run.json: startedAt must match format "date-time", and is "soon"'],
    [
      withResult({ verdict: 'perhaps' }),
      'run.json: results[1].verdict must be one of fail, error, inconclusive, unsupported, pass, and is "perhaps"',
    ],
    [
      withResult({ reason: '\u001b[31mBroken' }),
      'run.json: results[1].reason must be a known reason, and is "\\u001b[31mBroken"',
    ],
    [
      withResult({ destination: { ...first?.destination, port: '80' } }),
      'run.json: results[1].destination.port must be integer, and is "80"',
    ],
    [withResult({ source: undefined }), 'run.json: results[1] has no source'],
  ])('is refused with the place: %s', (text, message) => expect(refusal(text)).toBe(message));
});

describe('the place where a text stops being JSON', () => {
  it.each([
    ['{"a":\n  [1, 2,, 3]}', 2, 9],
    ['{"a" 1}', 1, 6],
    ['{a: 1}', 1, 2],
    ['[1 2]', 1, 4],
    ['{"a": 01}', 1, 7],
    ['{"a": "x\ny"}', 1, 7],
    ["['a']", 1, 2],
    ['{"a": 1}\n}', 2, 1],
    ['[1}', 1, 3],
    ['{"a": undefined}', 1, 7],
  ])('of %j is line %i, column %i', (text, line, column) => {
    expect(jsonFault(text)).toMatchObject({ line, column, atEnd: false });
  });

  it('is found in every text that is none, and is the end of every beginning of one', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.nat(), (json, nat) => {
        expect(jsonFault(json).atEnd).toBe(true);
        const text = `[${json}]`;
        const length = nat % text.length;
        const { atEnd, line, column } = jsonFault(`[${json}] x`);
        expect([atEnd, line, column]).toEqual([false, 1, text.length + 2]);
        // A cut may leave half a word, which is found where the word begins.
        expect(jsonFault(text.slice(0, length)).column).toBeLessThanOrEqual(length + 1);
      }),
    );
  });
});

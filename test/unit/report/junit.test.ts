// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import type { Report, Result } from '../../../src/model/report.js';
import { verdicts, type Verdict } from '../../../src/model/verdict.js';
import { renderJunit } from '../../../src/report/junit.js';
import { anyReport } from './arbitrary-report.js';
import { connectFromOne, connectFromTwo, ping, pingFromTwo, reportOf, web0 } from './sample-reports.js';

type Node = Record<string, unknown>;
interface Case extends Node {
  '@name': string;
  '@classname': string;
  failure?: Node;
  error?: Node;
  skipped?: Node | string;
}
interface Suite extends Node {
  '@name': string;
  testcase: Case[];
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseAttributeValue: false,
  isArray: (name) => ['testsuite', 'testcase', 'property'].includes(name),
});

/** Reads a file back by a third party's parser; fails where it is not well-formed. */
function read(xml: string): { root: Node; suites: Suite[]; cases: Case[] } {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- its successor is the same code in a package of its own
  expect(XMLValidator.validate(xml)).toBe(true);
  const root = (parser.parse(xml) as { testsuites: Node & { testsuite: Suite[] } }).testsuites;
  return { root, suites: root.testsuite, cases: root.testsuite.flatMap(({ testcase }) => testcase) };
}

/** Production Char of XML 1.0, section 2.2. */
const notXml = /[^\u0009\u000a\u000d\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

const address = { ref: '198.18.0.1', kind: 'ip', address: '198.18.0.1' } as const;
const one = (rest: Partial<Result>) => reportOf('ping', [ping(web0, address, 1, rest)]);

function outcomeOf(report: Report, ignore: Verdict[] = []): 'passed' | 'failure' | 'error' | 'skipped' {
  const [found] = read(renderJunit(report, { ignore })).cases;
  const kinds = (['failure', 'error', 'skipped'] as const).filter((kind) => found?.[kind] !== undefined);
  expect(kinds.length).toBeLessThan(2);
  return kinds[0] ?? 'passed';
}

describe('a verdict in JUnit', () => {
  it.each([
    ['pass', 'passed', 'passed'],
    ['fail', 'failure', 'failure'],
    ['error', 'error', 'error'],
    ['inconclusive', 'error', 'skipped'],
    ['unsupported', 'skipped', 'skipped'],
  ] as const)('%s is %s, and %s where it is ignored', (verdict, outcome, ignored) => {
    const ignore: Verdict[] = ['inconclusive', 'unsupported'];
    expect(outcomeOf(one({ verdict }))).toBe(outcome);
    expect(outcomeOf(one({ verdict }), ignore)).toBe(ignored);
  });

  it('says why, also where it is skipped', () => {
    const { cases } = read(
      renderJunit(one({ verdict: 'unsupported', reason: 'StaticPod', message: 'a static pod' }), {}),
    );
    expect(cases[0]?.skipped).toMatchObject({ '@message': 'unsupported: a static pod' });
    const failed = read(renderJunit(connectFromOne, {})).cases[0]?.failure;
    expect(failed).toMatchObject({ '@message': '2 of 3 connected', '@type': 'SomeAttemptsFailed' });
    expect(failed?.['#text']).toContain('attempts: Connected 0.41 ms, TimedOut, Connected 0.52 ms');
    expect(failed?.['#text']).toContain('hint: NetworkPolicy shop/api-ingress selects pod');
  });

  it('says under which shape it was found', () => {
    const shape = 'delay 50ms (egress, all packets)';
    const found = read(renderJunit(one({ verdict: 'fail', shape }), {})).cases[0];
    expect(found?.['properties']).toMatchObject({
      property: expect.arrayContaining([{ '@name': 'shape', '@value': shape }]) as unknown,
    });
    expect(found?.failure?.['#text']).toContain(`shape: ${shape}`);
  });

  it('is skipped for a test that was left out, in its own suite', () => {
    const notMade = [
      { suite: 's.yaml', test: 'second' },
      { suite: 'other', test: 'third' },
    ];
    const results = [ping(web0, address, 1, { verdict: 'fail', suite: 's.yaml', test: 'first' })];
    const { suites, root } = read(renderJunit(reportOf('run', results, { notMade }), {}));
    expect(root).toMatchObject({ '@tests': '3', '@failures': '1', '@skipped': '2' });
    expect(suites.map((suite) => [suite['@name'], suite.testcase.length])).toEqual([
      ['s.yaml', 2],
      ['other', 1],
    ]);
    expect(suites[0]?.testcase[1]).toMatchObject({
      '@name': 'second',
      '@classname': 's_yaml',
      skipped: { '@message': 'not made (--fail-fast)' },
    });
  });

  it('is an error where no test was made at all', () => {
    const { cases, root } = read(renderJunit(reportOf('ping', []), {}));
    expect(root).toMatchObject({ '@tests': '1', '@errors': '1' });
    expect(cases[0]?.error).toMatchObject({ '@message': 'no test was made' });
  });
});

describe('JUnit', () => {
  it('counts what it holds, in seconds', () => {
    const { root, suites, cases } = read(renderJunit(connectFromTwo, {}));
    expect(root).toMatchObject({ '@tests': '8', '@failures': '5', '@errors': '1', '@skipped': '0' });
    expect(suites.map((suite) => suite['@name'])).toEqual(['connect']);
    expect(suites[0]).toMatchObject({ '@timestamp': '2026-03-01T12:00:00', '@time': '1.234' });
    expect(cases[2]?.['@time']).toBe('0.0009');
    expect(cases[0]?.['@time']).toBeUndefined();
  });

  it('has a test suite for each suite of a run', () => {
    const results = pingFromTwo.results.map(({ id, ...rest }) => ({
      ...rest,
      suite: id < 'r3' ? 'shop.yaml' : 'bank',
    }));
    const { suites } = read(renderJunit(reportOf('run', results), {}));
    expect(suites.map((suite) => [suite['@name'], suite.testcase.length])).toEqual([
      ['shop.yaml', 2],
      ['bank', 2],
    ]);
    // The part before the last dot is a package to many readers.
    expect(suites[0]?.testcase[0]?.['@classname']).toBe('shop_yaml.shop/web-0');
  });

  it('holds any report: well-formed, every test once, each name once, and nothing that XML 1.0 has not', () => {
    fc.assert(
      fc.property(anyReport, fc.subarray([...verdicts]), (report, ignore) => {
        const xml = renderJunit(report, { ignore });
        expect(xml).not.toMatch(notXml);
        const { root, cases } = read(xml);
        const { summary, results } = report;
        expect(cases).toHaveLength(Math.max(1, results.length));
        expect(new Set(cases.map((each) => each['@name'])).size).toBe(cases.length);
        if (ignore.length > 0 || results.length === 0) return;
        expect([root['@failures'], root['@errors'], root['@skipped']]).toEqual(
          [summary.fail, summary.error + summary.inconclusive, summary.unsupported].map(String),
        );
      }),
    );
  });
});

// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import type { CheckFinding, CheckReport } from '../../../../src/model/check.js';
import { verdicts } from '../../../../src/model/verdict.js';
import { checkExitCode, checkFormats, renderCheck } from '../../../../src/report/check/render-check.js';
import { anyCheck, hostileTexts } from './arbitrary-check.js';
import { cell, checkOf, empty, healthy, manyNodes, node, oneDirection } from './sample-checks.js';

const options = { width: 80, color: false, headers: true };

describe('every format of a check', () => {
  it.each(checkFormats)(
    '%s lets nothing through that drives a terminal, and ends with a line break',
    async (format) => {
      await fc.assert(
        fc.asyncProperty(anyCheck, async (report) => {
          const text = await renderCheck(report, format, options);
          expect(text).not.toMatch(/[^\P{Cc}\n]/u);
          expect(text.endsWith('\n')).toBe(true);
        }),
        { numRuns: 40 },
      );
    },
  );
});

describe('wide', () => {
  it('has a line for each agent, pair and service, and cuts nothing', async () => {
    const report = manyNodes(30);
    const lines = (await renderCheck(report, 'wide', options)).split('\n');
    expect(lines.filter((line) => /^ip-\S+ {3}(pod|host) /.test(line))).toHaveLength(60);
    expect(lines.filter((line) => /^ip-\S+ {3}ip-/.test(line))).toHaveLength(330);
    expect(lines.join('')).not.toContain('…');
    const text = await renderCheck(oneDirection, 'wide', options);
    expect(text).toContain('eth0 mtu 1450 (rx dropped 12)');
    expect(text).toContain('NotReady: kubelet stopped posting node status');
  });
});

interface Case {
  '@name': string;
  failure?: Record<string, string>;
  error?: Record<string, string>;
}
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseAttributeValue: false,
  isArray: (name) => ['testsuite', 'testcase', 'property'].includes(name),
});

async function junit(report: CheckReport, ignore: (typeof verdicts)[number][] = []) {
  const xml = await renderCheck(report, 'junit', { ...options, ignore });
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- its successor is the same code in a package of its own
  expect(XMLValidator.validate(xml)).toBe(true);
  const { testsuites: root } = parser.parse(xml) as {
    testsuites: Record<string, string> & { testsuite: { '@name': string; testcase: Case[] }[] };
  };
  return { xml, root, suites: root.testsuite };
}

describe('junit', () => {
  it('has a test for each agent, pair and service, and findings as the texts of failures', async () => {
    const { root, suites, xml } = await junit(oneDirection);
    expect(suites.map((suite) => [suite['@name'], suite.testcase.length])).toEqual([
      ['agents', 4],
      ['nodes', 4],
      ['services', 4],
    ]);
    expect(root).toMatchObject({ '@tests': '12', '@failures': '3', '@errors': '0' });
    const failed = suites[1]?.testcase[1];
    expect(failed?.['@name']).toBe('node1 -> node2');
    expect(failed?.failure).toMatchObject({ '@type': 'direction' });
    expect(failed?.failure?.['#text']).toContain('hint: look at the firewall of node2');
    expect(xml).toContain('<property name="warning" value="ICMP is unsupported on node2 (host)');
  });

  it('has what no failed test tells of', async () => {
    const finding: CheckFinding = { kind: 'pair', severity: 'failure', nodes: [], message: 'odd', failed: 1 };
    const { suites } = await junit({ ...healthy, verdict: 'fail', findings: [finding] });
    expect(suites.at(-1)).toMatchObject({ '@name': 'findings', testcase: [{ failure: { '@message': 'odd' } }] });
    expect((await junit(empty)).root).toMatchObject({ '@errors': '1' });
  });

  it('holds any report, each name once, and is green only where the report is', async () => {
    await fc.assert(
      fc.asyncProperty(anyCheck, async (report) => {
        const { root, suites } = await junit(report);
        for (const { testcase } of suites)
          expect(new Set(testcase.map((each) => each['@name'])).size).toBe(testcase.length);
        const red = Number(root['@failures']) + Number(root['@errors']);
        if (!['pass', 'unsupported'].includes(report.verdict) || report.summary.total === 0)
          expect(red).toBeGreaterThan(0);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the page', () => {
  it('loads nothing, runs nothing, and shows what it says in words too', async () => {
    const page = await renderCheck(oneDirection, 'html', options);
    expect(page).toContain('<h1>The network does not work</h1>');
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|src=|url\(|@import|\son\w+=|\sstyle=/);
    expect(page).toContain(
      'title="node1 to node2: fail, 22 of 44 probes failed, p50 0.41 ms, p95 0.62 ms, max 1.90 ms"',
    );
    expect(page).toContain('<b>12</b>');
    expect(page).toContain('unauthenticated');
  });

  it('shows texts of others as texts', async () => {
    const names = hostileTexts.map((text, index) => `${text}${index}`);
    const report = checkOf({
      nodes: names.map((name) => node(name, { condition: name })),
      matrix: names.map((name) => cell(name, name)),
      warnings: names,
      findings: names.map((name) => ({
        kind: 'pair',
        severity: 'failure',
        nodes: [],
        message: name,
        hint: name,
        failed: 1,
      })),
    });
    const page = await renderCheck(report, 'html', options);
    expect(page).not.toMatch(/<(?:script|img|failure)/);
    expect(page.replace(/<style>[^]*?<\/style>/, '')).not.toMatch(/<(?!\/|!DOCTYPE|[a-z][a-z0-9]*[\s>])/);
  });

  it('is of a size that can be sent around, for 200 nodes', async () => {
    expect((await renderCheck(manyNodes(200), 'html', options)).length).toBeLessThan(2_500_000);
  });
});

describe('the exit code of a check', () => {
  const of = (...found: (typeof verdicts)[number][]) =>
    checkOf({ matrix: found.map((verdict, index) => cell('node1', `node${index}`, { verdict })) });

  it.each([
    [['pass'], 0],
    [['pass', 'fail', 'error'], 1],
    [['pass', 'error', 'inconclusive'], 3],
    [['inconclusive', 'unsupported'], 4],
    [['pass', 'unsupported'], 5],
    [[], 4],
  ] as const)('of %j is %d', (found, code) => {
    expect(checkExitCode(of(...found))).toBe(code);
  });

  it('is that of the verdict, which knows what matters', () => {
    expect(checkExitCode({ ...of('pass', 'unsupported'), verdict: 'pass' })).toBe(0);
    expect(checkExitCode({ ...of('pass'), verdict: 'fail' })).toBe(1);
  });

  it('takes ignored verdicts and failures out, and says what is left or interrupted', () => {
    expect(checkExitCode(of('unsupported', 'pass'), { ignore: ['unsupported'] })).toBe(0);
    expect(checkExitCode(of('inconclusive', 'unsupported'), { ignore: ['inconclusive'] })).toBe(5);
    expect(checkExitCode(of('fail', 'error'), { exitZeroOnFailure: true })).toBe(3);
    expect(checkExitCode(of('fail', 'pass'), { exitZeroOnFailure: true })).toBe(0);
    expect(checkExitCode(of('pass'), { isLeft: true })).toBe(3);
    expect(checkExitCode(of('fail'), { isLeft: true, interrupted: true })).toBe(130);
    expect(checkExitCode(empty, { ignore: [...verdicts], exitZeroOnFailure: true })).toBe(4);
  });
});

// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridsOf } from '../../../src/report/html/grid.js';
import { renderHtml } from '../../../src/report/html/html.js';
import { heatBounds, heatOf, shortMs, timeFigure } from '../../../src/report/html/times.js';
import { bigReport } from '../../browser/big-report.js';
import { anyReport } from './arbitrary-report.js';
import { connectFromOne, connectFromTwo, ping, pingFromTwo, reportOf, web0, web1 } from './sample-reports.js';

const elementsOf = (page: string, name: string) => [...page.matchAll(new RegExp(`<${name}(?=[\\s>])`, 'g'))].length;

describe('the page', () => {
  it('may load nothing, and run and look like nothing but what it was made with', () => {
    const page = renderHtml(connectFromTwo);
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? '';
    const hash = (text = '') => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const [, style] = /<style>([^]*?)<\/style>/.exec(page) ?? [];
    const [, script] = /<script>([^]*?)<\/script>/.exec(page) ?? [];
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      'img-src data:',
      `style-src ${hash(style)}`,
      `script-src ${hash(script)}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(page).not.toMatch(/https?:|url\(|@import|\son\w+=|\sstyle=/);
  });

  it('holds any report, whose texts are texts: as many elements as without them', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const page = renderHtml(report);
        const markup = page.replace(/<(script|style)\b[^>]*>[^]*?<\/\1>/g, '');
        expect(markup).not.toMatch(/<(?!\/|!DOCTYPE|[a-z][a-z0-9]*[\s>])/);
        expect(elementsOf(page, 'script')).toBe(2);
        expect(elementsOf(markup, 'img')).toBe(0);
        expect([...markup.matchAll(/<th scope="row"><button data-r="\d+"/g)]).toHaveLength(report.results.length);
        const [, data = ''] = /id="data">([^]*?)<\/script>/.exec(page) ?? [];
        expect((JSON.parse(data) as { id: string }[]).map(({ id }) => id)).toEqual(report.results.map(({ id }) => id));
        // Not a character of it becomes another one in UTF-8.
        expect(Buffer.from(page).toString()).toBe(page);
      }),
    );
  });

  it('says what it adds up to', () => {
    const headline = (...verdicts: ('pass' | 'fail' | 'error' | 'inconclusive')[]) => {
      const address = { ref: '198.18.0.1', kind: 'ip', address: '198.18.0.1' } as const;
      const page = renderHtml(
        reportOf(
          'ping',
          verdicts.map((verdict) => ping(web0, address, 1, { verdict })),
        ),
      );
      return /<h1>(.*)<\/h1>/.exec(page)?.[1];
    };
    expect(headline()).toBe('No test was made');
    expect(headline('pass')).toBe('The test passed');
    expect(headline('pass', 'pass')).toBe('All 2 tests passed');
    expect(headline('pass', 'fail', 'error')).toBe('1 of 3 tests failed');
    expect(headline('pass', 'inconclusive')).toBe('1 of 2 tests inconclusive');
  });

  it('is of a size that can be sent around, for 30 sources and destinations and two probes', () => {
    const page = renderHtml(bigReport());
    expect(page.length).toBeLessThan(2_500_000);
    expect(elementsOf(page, 'tr')).toBe(1740 + 1 + 2 * 31);
  });
});

describe('the grids', () => {
  it('are one for each probe of several sources, with the members of a reference below it', () => {
    expect(gridsOf(connectFromOne.results, 'p50')).toEqual([]);
    const [grid, ...more] = gridsOf(connectFromTwo.results, 'p50');
    expect(more).toEqual([]);
    expect(grid?.title).toBe('tcp');
    expect(grid?.rows.map(({ label }) => label)).toEqual(['web-0', 'web-1']);
    expect(grid?.groups.map(({ ref, columns }) => [ref, columns.map(({ member }) => member)])).toEqual([
      ['svc/api:80', ['198.18.7.20:80', 'api-6d5f9c7b4-x2kqp', 'api-6d5f9c7b4-9vvtm']],
      ['db/pod/db-0:5432', ['']],
    ]);
    expect(grid?.rows[1]?.cells.get(grid.groups[0]?.columns[2]?.key ?? '')?.verdict).toBe('error');
  });

  it('have the worst of several tests in a cell', () => {
    const results = [...pingFromTwo.results, ...pingFromTwo.results].map((result, index) =>
      index === 0 ? { ...result, verdict: 'inconclusive' as const } : result,
    );
    const [grid] = gridsOf(reportOf('run', results).results, 'p50');
    const cell = grid?.rows[0]?.cells.get(grid.groups[0]?.columns[0]?.key ?? '');
    expect(cell?.verdict).toBe('inconclusive');
    expect(cell?.results).toHaveLength(2);
  });

  it('are one for each suite', () => {
    const of = (suite: string) => (result: (typeof pingFromTwo.results)[number]) => ({ ...result, suite });
    const results = [...pingFromTwo.results.map(of('a')), ...pingFromTwo.results.map(of('b'))];
    expect(gridsOf(results, 'p50').map(({ title }) => title)).toEqual(['a: icmp', 'b: icmp']);
  });

  it('compare by p95 where there is one, and by the median else', () => {
    const address = { ref: '198.18.0.1', kind: 'ip', address: '198.18.0.1' } as const;
    const [plain] = reportOf('ping', [ping(web1, address, 2)]).results;
    if (plain?.rttMs === undefined) throw new Error('no result');
    expect(timeFigure([plain])).toBe('p50');
    expect(timeFigure([plain, { ...plain, rttMs: { ...plain.rttMs, p95: 3 } }])).toBe('p95');
  });

  it('are shaded by how many times the usual a time is', () => {
    const bounds = heatBounds([1, 1, 1, 2, 40]);
    expect(bounds).toEqual([1.5, 3, 10, 30]);
    expect([1, 1.5, 2, 9, 30, 31].map((ms) => heatOf(ms, bounds))).toEqual([0, 0, 1, 2, 3, 4]);
    expect(heatBounds([])).toEqual([]);
    expect([0, 0.21, 3.14, 12.3, 1043, 25_000].map(shortMs)).toEqual(['.00', '.21', '3.1', '12', '1043', '25s']);
  });
});

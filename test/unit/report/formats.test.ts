// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { plainText } from '../../../src/report/plain-text.js';
import { renderReport, reportFormats } from '../../../src/report/render-report.js';
import { anyReport } from './arbitrary-report.js';
import { parseCsv } from './csv-parser.js';
import { connectFromOne, connectFromTwo, ping, reportOf, web0, web1 } from './sample-reports.js';

const options = { width: 80, color: false, headers: true };

describe('every format', () => {
  it.each(reportFormats)(
    '%s lets nothing through that drives a terminal, and ends with a line break',
    async (format) => {
      // What a terminal obeys: C0 controls but line breaks, DEL, and C1 controls.
      const obeyed = /[^\P{Cc}\n]/u;
      await fc.assert(
        fc.asyncProperty(anyReport, async (report) => {
          const text = (await renderReport(report, format, options)).replaceAll('\r\n', '\n');
          expect(text).not.toMatch(obeyed);
          expect(text === '' || text.endsWith('\n')).toBe(true);
        }),
      );
    },
  );
});

describe('wide', () => {
  it('has every column and shortens nothing', async () => {
    const text = await renderReport(connectFromOne, 'wide', options);
    expect(text.split('\n').slice(0, 3).join('\n')).toMatchInlineSnapshot(`
      "SOURCE       SOURCE NODE   SOURCE IP    DESTINATION        KIND       NAMESPACE   NAME                  DESTINATION NODE   ADDRESS/PORT       PROBE   EXPECT   VERDICT   REASON               SENT     RECEIVED   DUPLICATES   LOSS     MIN MS   AVG MS   P50 MS   P95 MS   P99 MS   MAX MS   JITTER MS   ATTEMPTS                                         CONTROL   PROOF    TLS      LABELS   MESSAGE
      shop/web-0   node1         198.19.0.4   svc/api:80         service    shop        api                   <none>             198.18.7.20:80     tcp     allow    ✗ fail    SomeAttemptsFailed   <none>   <none>     <none>       <none>   <none>   <none>   <none>   <none>   <none>   <none>   <none>      Connected 0.41, TimedOut, Connected 0.52         <none>    <none>   <none>   <none>   2 of 3 connected
      shop/web-0   node1         198.19.0.4   svc/api:80         endpoint   shop        api-6d5f9c7b4-x2kqp   node2              198.19.1.7:8080    tcp     allow    ✓ pass    Connected            <none>   <none>     <none>       <none>   <none>   <none>   <none>   <none>   <none>   <none>   <none>      Connected 0.31, Connected 0.29, Connected 0.30   <none>    <none>   <none>   <none>   connected"
    `);
  });

  it('has no header line with --no-headers', async () => {
    const text = await renderReport(connectFromOne, 'wide', { ...options, headers: false });
    expect(text).not.toContain('SOURCE NODE');
    expect(text.startsWith('shop/web-0   node1')).toBe(true);
  });
});

describe('json', () => {
  it('is the report, indented by two spaces', async () => {
    await fc.assert(
      fc.asyncProperty(anyReport, async (report) => {
        expect(JSON.parse(await renderReport(report, 'json', options))).toEqual(report);
      }),
    );
    expect(await renderReport(connectFromOne, 'json', options)).toMatch(
      /^\{\n {2}"apiVersion": "netmachinery.io\/v1",\n/,
    );
  });
});

describe('yaml', () => {
  it('holds the same values as json', async () => {
    await fc.assert(
      fc.asyncProperty(anyReport, async (report) => {
        expect(load(await renderReport(report, 'yaml', options))).toEqual(report);
      }),
    );
    expect(await renderReport(connectFromOne, 'yaml', options)).toMatch(
      /^apiVersion: netmachinery.io\/v1\nkind: Report\n/,
    );
  });
});

describe('csv', () => {
  it('comes back through a parser: a row a result, a field a column', async () => {
    await fc.assert(
      fc.asyncProperty(anyReport, async (report) => {
        const [header = [], ...rows] = parseCsv(await renderReport(report, 'csv', options));
        expect(rows).toHaveLength(report.results.length);
        for (const [index, { id, message, lossPercent, destination }] of report.results.entries()) {
          const row = rows[index] ?? [];
          expect(row).toHaveLength(header.length);
          const field = (name: string) => row[header.indexOf(name)];
          expect(field('id')).toBe(id);
          expect(field('lossPercent')).toBe(lossPercent === undefined ? '' : `${lossPercent}`);
          expect(field('destinationPort')).toBe(destination.port === undefined ? '' : `${destination.port}`);
          expect(field('message')?.replace(/^'(?=[=+\-@])/, '')).toBe(plainText(message));
        }
      }),
    );
  });

  it('has CRLF line ends, quotes what must be quoted, and no formula', async () => {
    const destination = { ref: '198.18.0.1', kind: 'ip', address: '198.18.0.1' } as const;
    const report = reportOf('ping', [
      ping(web0, destination, 1, { message: '=cmd|"/c calc"!A0' }),
      ping(web0, destination, 1, { message: 'one, "two"\nthree' }),
    ]);
    const lines = (await renderReport(report, 'csv', { ...options, headers: false })).split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain(`,"'=cmd|""/c calc""!A0",`);
    expect(lines[1]).toContain(',"one, ""two"" three",');
  });

  it('lists attempts with their times', async () => {
    expect(await renderReport(connectFromOne, 'csv', options)).toContain(',Connected:0.41 TimedOut Connected:0.52,');
  });
});

describe('name', () => {
  it('is each source pod once', async () => {
    expect(await renderReport(connectFromTwo, 'name', options)).toBe(`pod/${web0.pod}\npod/${web1.pod}\n`);
    expect(await renderReport(reportOf('ping', []), 'name', options)).toBe('');
  });
});

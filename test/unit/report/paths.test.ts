// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { MtuResult, Result, TraceHop } from '../../../src/model/report.js';
import { renderReport } from '../../../src/report/render-report.js';
import { reportOf, web0, web1 } from './sample-reports.js';

type Made = Omit<Result, 'id'>;
const table = (results: Made[], width: number) =>
  renderReport(reportOf('mtu', results), 'table', { width, color: false, headers: true });
const to = (ref: string, address: string) => ({ ref, kind: 'pod' as const, namespace: 'shop', name: ref, address });
const bare = (source: Result['source'], ref: string, address: string) => ({
  startedAt: '2026-03-01T12:00:00.000Z',
  source,
  destination: to(ref, address),
  expect: 'allow' as const,
  attempts: 3,
});
const mtu = (source: Result['source'], ref: string, facts: MtuResult): Made => ({
  ...bare(source, ref, '198.19.1.7'),
  probe: 'mtu',
  reason: facts.limitedBy === 'silence' ? 'BlackHole' : 'PathMtuFound',
  verdict: facts.limitedBy === 'silence' ? 'fail' : 'pass',
  message: 'as it is',
  mtu: facts,
});
const eth0 = { interface: 'eth0', interfaceMtu: 1500 };
const hops: TraceHop[] = [
  { hop: 1, address: '198.19.1.1', sent: 3, lossPercent: 0, rttMs: { min: 0.1, avg: 0.2, max: 0.3 } },
  { hop: 2, sent: 3, lossPercent: 100 },
  { hop: 3, address: '2001:2:0:1901::7', sent: 3, lossPercent: 33.33, rttMs: { min: 9, avg: 10, max: 11 } },
];
const trace = (source: Result['source'], ref: string, reason: Result['reason'] = 'Arrived'): Made => ({
  ...bare(source, ref, '2001:2:0:1901::7'),
  probe: 'trace',
  reason,
  verdict: reason === 'Arrived' ? 'pass' : 'fail',
  message: 'as it is',
  hops,
});

describe('a table of path MTUs', () => {
  it('has the interface beside them, and what is in the way, at 80 columns', async () => {
    const results = [
      mtu(web0, 'api-0', { pathMtu: 1500, ...eth0, limitedBy: 'interface' }),
      mtu(web0, 'api-1', { pathMtu: 1300, ...eth0, limitedBy: 'silence', smallestLost: 1301 }),
      mtu(web0, 'api-2', { pathMtu: 1400, ...eth0, limitedBy: 'router', router: '198.18.201.2' }),
    ];
    expect(await table(results, 80)).toMatchInlineSnapshot(`
      "DESTINATION   VERDICT   REASON         MTU    INTERFACE   LIMITED BY
      api-0         ✓ pass    PathMtuFound   1500   eth0 1500   interface
      api-1         ✗ fail    BlackHole      1300   eth0 1500   silence
      api-2         ✓ pass    PathMtuFound   1400   eth0 1500   router 198.18.201.2

      source: shop/web-0 (198.19.0.4) on node1
      3 tests: 2 pass, 1 fail in 1.2 s
      ✗ api-1: as it is
      "
    `);
  });

  it('has both directions', async () => {
    const back: MtuResult = { pathMtu: 1400, ...eth0, limitedBy: 'router' };
    const results = [mtu(web0, 'api-0', { pathMtu: 1500, ...eth0, limitedBy: 'interface', reverse: back })];
    expect(await table(results, 120)).toMatchInlineSnapshot(`
      "DESTINATION   ADDRESS/PORT   VERDICT   REASON         MTU THERE/BACK   INTERFACE   LIMITED BY
      api-0         198.19.1.7     ✓ pass    PathMtuFound   1500/1400        eth0 1500   interface / router

      source: shop/web-0 (198.19.0.4) on node1
      1 test: 1 pass in 1.2 s
      "
    `);
  });

  it('is a matrix of MTUs for several sources', async () => {
    const results = [web0, web1].flatMap((source) =>
      ['api-0', 'api-1'].map((ref) => mtu(source, ref, { pathMtu: 1500, ...eth0, limitedBy: 'interface' })),
    );
    expect(await table(results, 80)).toMatchInlineSnapshot(`
      "SOURCE   api-0         api-1
      web-0    ✓ pass 1500   ✓ pass 1500
      web-1    ✓ pass 1500   ✓ pass 1500

      4 tests: 4 pass in 1.2 s
      "
    `);
  });
});

describe('a table of traces', () => {
  it('has the hops of each below it', async () => {
    expect(await table([trace(web0, 'api-0'), trace(web0, 'api-1', 'NoReply')], 80)).toMatchInlineSnapshot(`
      "DESTINATION   ADDRESS/PORT       VERDICT   REASON    HOPS   AVG
      api-0         2001:2:0:1901::7   ✓ pass    Arrived   3      10.0 ms
      api-1         2001:2:0:1901::7   ✗ fail    NoReply

      api-0 2001:2:0:1901::7
      HOP   ADDRESS            AVG/MIN/MAX MS   LOSS
        1   198.19.1.1         0.20/0.10/0.30   0%
        2   *                                   100%
        3   2001:2:0:1901::7   10.0/9.00/11.0   33%

      api-1 2001:2:0:1901::7
      HOP   ADDRESS            AVG/MIN/MAX MS   LOSS
        1   198.19.1.1         0.20/0.10/0.30   0%
        2   *                                   100%
        3   2001:2:0:1901::7   10.0/9.00/11.0   33%

      source: shop/web-0 (198.19.0.4) on node1
      2 tests: 1 pass, 1 fail in 1.2 s
      ✗ api-1: as it is
      "
    `);
  });

  it('names the sources where there are several', async () => {
    expect(await table([trace(web0, 'api-0'), trace(web1, 'api-0')], 80)).toMatchInlineSnapshot(`
      "SOURCE   api-0
      web-0    ✓ pass 3 hops
      web-1    ✓ pass 3 hops

      web-0 → api-0 2001:2:0:1901::7
      HOP   ADDRESS            AVG/MIN/MAX MS   LOSS
        1   198.19.1.1         0.20/0.10/0.30   0%
        2   *                                   100%
        3   2001:2:0:1901::7   10.0/9.00/11.0   33%

      web-1 → api-0 2001:2:0:1901::7
      HOP   ADDRESS            AVG/MIN/MAX MS   LOSS
        1   198.19.1.1         0.20/0.10/0.30   0%
        2   *                                   100%
        3   2001:2:0:1901::7   10.0/9.00/11.0   33%

      2 tests: 2 pass in 1.2 s
      "
    `);
  });

  it('has its hops in one field of csv', async () => {
    const report = reportOf('trace', [trace(web0, 'api-0')]);
    const csv = await renderReport(report, 'csv', { width: 80, color: false, headers: false });
    expect(csv).toContain('"1 198.19.1.1 0.20 ms, 2 *, 3 2001:2:0:1901::7 10.0 ms (33% loss)"');
  });
});

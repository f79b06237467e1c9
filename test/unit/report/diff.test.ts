// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import diffSchema from '../../../plugins-manifest/schemas/report-diff.v1.json' with { type: 'json' };
import reportSchema from '../../../plugins-manifest/schemas/report.v1.json' with { type: 'json' };
import type { Report, Result, ResultDestination, ResultSource } from '../../../src/model/report.js';
import {
  changeKinds,
  type ChangeKind,
  type DiffedReport,
  type DiffItem,
  type DiffSide,
  type ReportDiff,
} from '../../../src/model/report-diff.js';
import { diffReports } from '../../../src/report/diff.js';
import { renderDiff } from '../../../src/report/diff-table.js';
import { anyReport } from './arbitrary-report.js';
import { connectFromOne, ping, pingFromTwo, reportOf, web0, web1 } from './sample-reports.js';
import { optional, required, type Keys } from '../keys.js';
import { validatorOf } from '../validator.js';

const slowdown = { factor: 1.5, floorMs: 1 };
const diffOf = (old: Report, next: Report) =>
  diffReports({ file: 'old.json', report: old }, { file: 'new.json', report: next }, slowdown);

const address: ResultDestination = { ref: '198.18.0.1', kind: 'ip', address: '198.18.0.1' };
const one = (rest: Partial<Result> = {}, ms = 1) => reportOf('ping', [ping(web0, address, ms, rest)]);
const changeOf = (old: Report, next: Report) => {
  const [item] = diffOf(old, next).items;
  return [item?.change, ...(item?.differences ?? [])];
};
const failed: Partial<Result> = { verdict: 'fail', reason: 'NoReply', message: 'no reply' };
const lost = (lossPercent: number, verdict: Result['verdict'] = 'pass'): Partial<Result> => ({ lossPercent, verdict });

describe('one test', () => {
  it.each<[string, Report, Report, (string | undefined)[]]>([
    ['the same', one(), one(), ['unchanged']],
    ['fails', one(), one(failed), ['worse', 'pass → fail (NoReply)']],
    [
      'cannot be told any more',
      one(),
      one({ verdict: 'inconclusive', reason: 'SourceVanished' }),
      ['worse', 'pass → inconclusive (SourceVanished)'],
    ],
    ['passes again', one(failed), one(), ['better', 'fail → pass (EchoReply)']],
    ['fails for another reason', one(failed), one({ ...failed, reason: 'HostUnreachable' }), ['unchanged']],
    ['loses more', one(lost(0)), one(lost(20)), ['worse', 'loss 0% → 20%']],
    ['loses less, and fails still', one(lost(80, 'fail')), one(lost(20, 'fail')), ['better', 'loss 80% → 20%']],
    ['is slower', one({}, 2), one({}, 4), ['worse', 'p50 1.80 → 3.60 ms']],
    ['is faster', one({}, 4), one({}, 2), ['better', 'p50 3.60 → 1.80 ms']],
    ['is slower by less than the factor', one({}, 10), one({}, 14), ['unchanged']],
    ['is slower by less than the floor', one({}, 0.1), one({}, 0.9), ['unchanged']],
    [
      'is slower and passes again',
      one({ ...failed }, 2),
      one({}, 8),
      ['worse', 'fail → pass (EchoReply)', 'p50 1.80 → 7.20 ms'],
    ],
    [
      'has a smaller path MTU',
      one({ mtu: { pathMtu: 1500 } }),
      one({ mtu: { pathMtu: 1400 } }),
      ['worse', 'path MTU 1500 → 1400 bytes'],
    ],
  ])('that %s', (_, old, next, expected) => expect(changeOf(old, next)).toEqual(expected));

  it('is compared by p95 where both have it', () => {
    const rttMs = (p95: number) => ({ rttMs: { min: 1, avg: 1, p50: 1, p95, max: 50, jitter: 1 } });
    expect(changeOf(one(rttMs(2)), one(rttMs(30)))).toEqual(['worse', 'p95 2.00 → 30.0 ms']);
    expect(changeOf(one({}, 1), one(rttMs(30)))).toEqual(['unchanged']);
  });
});

const replica = (name: string, ip: string): ResultDestination => ({
  ref: 'deploy/api',
  kind: 'pod',
  namespace: 'shop',
  name,
  address: ip,
});
const source = (pod: string, ip = '198.19.0.4'): ResultSource => ({ ...web0, pod, ip });

describe('the same test', () => {
  it('is found although its pods were replaced', () => {
    const old = reportOf('ping', [
      ping(source('web-845ddc48dd-rxlk5'), replica('api-9ff45fdcc-9gtv7', '198.19.1.6'), 1),
    ]);
    const next = reportOf('ping', [
      ping(source('web-6d5f9c7b4-x2kqp', '198.19.0.77'), replica('api-845ddc48dd-4dk7w', '198.19.1.99'), 1, failed),
    ]);
    const { items, summary } = diffOf(old, next);
    expect(summary).toEqual({ worse: 1, better: 0, new: 0, gone: 0, unchanged: 0 });
    expect(items[0]).toMatchObject({ source: 'shop/web', destination: 'deploy/api pod api' });
    expect(items[0]?.old?.pod).toBe('shop/web-845ddc48dd-rxlk5');
    expect(items[0]?.new?.address).toBe('198.19.1.99');
  });

  it('is found although the address behind a reference changed, or there is none any more', () => {
    const named = (ref: string, ip: string): ResultDestination => ({
      ref,
      kind: 'host',
      name: 'api.shop',
      address: ip,
    });
    const old = reportOf('ping', [ping(web0, named('api.shop', '2001:2::7'), 1)]);
    const other = reportOf('ping', [ping(web0, named('api.shop', '2001:2::8'), 1)]);
    const none = reportOf('ping', [ping(web0, named('api.shop', ''), 1, { verdict: 'fail', reason: 'NameNotFound' })]);
    expect(diffOf(old, other).summary).toMatchObject({ unchanged: 1, new: 0, gone: 0 });
    expect(diffOf(old, none).summary).toMatchObject({ worse: 1, new: 0, gone: 0 });
  });

  it('is the pod that is still there before it is any other replica', () => {
    const [kept, was, is] = ['api-9ff45fdcc-9gtv7', 'api-9ff45fdcc-9z7gh', 'api-9ff45fdcc-4dk7w'] as const;
    const old = reportOf('ping', [
      ping(web0, replica(was, '198.19.1.1'), 1, failed),
      ping(web0, replica(kept, '198.19.1.2'), 1),
    ]);
    const next = reportOf('ping', [
      ping(web0, replica(kept, '198.19.1.2'), 1, failed),
      ping(web0, replica(is, '198.19.1.3'), 1),
    ]);
    expect(diffOf(old, next).items.map(({ change, new: now }) => [change, now?.id])).toEqual([
      ['worse', 'r1'],
      ['better', 'r2'],
    ]);
  });

  it('is any of several replicas that were all replaced: one that fails is one that failed', () => {
    const names = (hash: string) => ['2b4c5', '6d7f8', '9g2h4'].map((end) => `api-${hash}-${end}`);
    const run = (hash: string, bad: number) =>
      reportOf(
        'ping',
        names(hash).map((name, index) => ping(web0, replica(name, '198.19.1.1'), 1, index === bad ? failed : {})),
      );
    expect(diffOf(run('845ddc48dd', 0), run('6d5f9c7b4', 2)).summary).toMatchObject({ unchanged: 3 });
    expect(diffOf(run('845ddc48dd', -1), run('6d5f9c7b4', 1)).summary).toMatchObject({ unchanged: 2, worse: 1 });
  });

  it('has the same suite, test, probe, port and expectation', () => {
    for (const rest of [{ suite: 'x' }, { test: 'x' }, { probe: 'trace' }, { expect: 'deny' }] as const) {
      expect(diffOf(one(), one(rest)).summary).toMatchObject({ new: 1, gone: 1, unchanged: 0 });
    }
    const port = reportOf('ping', [ping(web0, { ...address, port: 81 }, 1)]);
    expect(diffOf(one(), port).summary).toMatchObject({ new: 1, gone: 1 });
  });
});

describe('two reports', () => {
  it('of the same are unchanged, every test in one item', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const { summary, items } = diffOf(report, report);
        expect(summary).toMatchObject({ worse: 0, better: 0, new: 0, gone: 0, unchanged: report.results.length });
        expect(items).toHaveLength(report.results.length);
      }),
    );
  });

  it('have each test once, in the order of what is to be done about it', () => {
    fc.assert(
      fc.property(anyReport, anyReport, (old, next) => {
        const { items, summary } = diffOf(old, next);
        const ids = (side: 'old' | 'new') => items.flatMap((item) => item[side]?.id ?? []).sort();
        expect(ids('old')).toEqual(old.results.map(({ id }) => id).sort());
        expect(ids('new')).toEqual(next.results.map(({ id }) => id).sort());
        const order = items.map(({ change }) => changeKinds.indexOf(change));
        expect(order).toEqual([...order].sort((a, b) => a - b));
        expect(Object.values(summary).reduce((sum, count) => sum + count, 0)).toBe(items.length);
      }),
    );
  });

  it('are shown as what changed', () => {
    const next = reportOf('ping', [
      ...pingFromTwo.results.slice(0, 3).map(({ id, ...rest }) => (id === 'r2' ? { ...rest, ...failed } : rest)),
      ping(web1, { ref: '198.18.0.9', kind: 'ip', address: '198.18.0.9' }, 1),
    ]);
    const text = renderDiff(diffOf(pingFromTwo, next), { width: Infinity, color: false, headers: true, wide: false });
    expect(text).toMatchInlineSnapshot(`
      "CHANGE    PROBE   SOURCE       DESTINATION     OLD                             NEW                      WHAT
      ✗ worse   icmp    shop/web-0   node/worker-2   ✓ pass 0.36 ms                  ✗ fail NoReply 0.36 ms   pass → fail (NoReply)
      + new     icmp    shop/web-1   198.18.0.9      <none>                          ✓ pass 0.90 ms
      - gone    icmp    shop/web-1   node/worker-2   ? inconclusive SourceVanished   <none>

      4 and 4 tests: 1 worse, 0 better, 1 new, 1 gone, 2 unchanged (slower: more than 1.5 times and at least 1 ms more)
      "
    `);
    const wide = renderDiff(diffOf(connectFromOne, connectFromOne), {
      width: 80,
      color: false,
      headers: true,
      wide: true,
    });
    expect(wide.split('\n')[1]).toMatch(
      /^= unchanged {3,}tcp {3,}shop\/web-0 {3,}svc\/api:80 {3,}✗ fail SomeAttemptsFailed/,
    );
  });

  it('fit the terminal and drive it nowhere', () => {
    fc.assert(
      fc.property(anyReport, anyReport, (old, next) => {
        const text = renderDiff(diffOf(old, next), { width: 80, color: false, headers: true, wide: false });
        expect(text).not.toMatch(/[^\P{Cc}\n]/u);
      }),
    );
  });
});

const validate = validatorOf(diffSchema, reportSchema);

const top: Keys<ReportDiff> = {
  apiVersion: required,
  kind: required,
  old: required,
  new: required,
  slowdown: required,
  summary: required,
  items: required,
};
const diffed: Keys<DiffedReport> = { file: required, command: required, startedAt: required, total: required };
const item: Keys<DiffItem> = {
  change: required,
  suite: optional,
  test: optional,
  probe: required,
  expect: required,
  source: required,
  destination: required,
  old: optional,
  new: optional,
  differences: required,
};
const side: Keys<DiffSide> = {
  id: required,
  verdict: required,
  reason: required,
  message: required,
  pod: required,
  address: required,
  lossPercent: optional,
  rttP50Ms: optional,
  rttP95Ms: optional,
  pathMtu: optional,
};
const counts: Keys<Record<ChangeKind, number>> = {
  worse: required,
  better: required,
  new: required,
  gone: required,
  unchanged: required,
};

describe('report-diff.v1.json', () => {
  it.each([
    ['ReportDiff', diffSchema, top],
    ['DiffedReport', diffSchema.$defs.report, diffed],
    ['DiffItem', diffSchema.$defs.item, item],
    ['DiffSide', diffSchema.$defs.side, side],
    ['its summary', diffSchema.$defs.summary, counts],
    ['its slowdown', diffSchema.$defs.slowdown, { factor: required, floorMs: required }],
  ])('knows the same keys as %s and no others', (_, object, keys) => {
    const needed = Object.entries(keys).flatMap(([key, need]) => (need === required ? [key] : []));
    expect(Object.keys(object.properties).sort()).toEqual(Object.keys(keys).sort());
    expect([...object.required].sort()).toEqual(needed.sort());
    expect(object.additionalProperties).toBe(false);
  });

  it('has the closed list of the model, and accepts any difference', () => {
    expect(diffSchema.$defs.item.properties.change.enum).toEqual([...changeKinds]);
    fc.assert(
      fc.property(anyReport, anyReport, (old, next) => {
        expect(validate(diffOf(old, next)), JSON.stringify(validate.errors)).toBe(true);
      }),
    );
  });

  it('refuses what is unknown', () => {
    const good = diffOf(connectFromOne, connectFromOne);
    expect(validate(good)).toBe(true);
    expect(validate({ ...good, extra: 1 })).toBe(false);
    expect(validate({ ...good, items: [{ ...good.items[0], change: 'other' }] })).toBe(false);
  });
});

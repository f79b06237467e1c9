// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report, Result, ResultDestination } from '../../../src/model/report.js';
import { verdicts } from '../../../src/model/verdict.js';
import { renderReport } from '../../../src/report/render-report.js';
import { displayWidth } from '../../../src/report/text-width.js';
import { verdictText } from '../../../src/report/verdict-style.js';
import { anyReport } from './arbitrary-report.js';
import {
  connect,
  connectFromOne,
  connectFromTwo,
  ping,
  pingFromOne,
  pingFromTwo,
  reportOf,
  web0,
  web1,
} from './sample-reports.js';

const table = (report: Report, width: number, more: { color?: boolean; headers?: boolean } = {}) =>
  renderReport(report, 'table', { width, color: false, headers: true, ...more });

describe('table', () => {
  it('lists what one source reaches, the endpoints of a Service below its reference', async () => {
    expect(await table(connectFromOne, 80)).toMatchInlineSnapshot(`
      "DESTINATION      ADDRESS/PORT       VERDICT   REASON               CONNECT   OK
      svc/api:80       198.18.7.20:80     ✗ fail    SomeAttemptsFailed   0.46 ms   2/3
        api-6…-x2kqp   198.19.1.7:8080    ✓ pass    Connected            0.30 ms   3/3
        api-6…-9vvtm   198.19.1.8:8080    ✗ fail    TimedOut                       0/3
      db/pod/…0:5432   198.19.1.44:5432   ✗ fail    Refused              0.20 ms   0/1

      source: shop/web-0 (198.19.0.4) on node1
      4 tests: 1 pass, 3 fail in 1.2 s
      Warning: node2 is NotReady
      ✗ svc/api:80: NetworkPolicy shop/api-ingress selects pod api-6d5f9c7b4-9vvtm; it
        may or may not be the cause
      ✗ db/pod/db-0:5432: refused
      "
    `);
    expect(await table(connectFromOne, 200)).toMatchInlineSnapshot(`
      "DESTINATION             ADDRESS/PORT       VERDICT   REASON               CONNECT   REACHED
      svc/api:80              198.18.7.20:80     ✗ fail    SomeAttemptsFailed   0.46 ms   2/3
        api-6d5f9c7b4-x2kqp   198.19.1.7:8080    ✓ pass    Connected            0.30 ms   3/3
        api-6d5f9c7b4-9vvtm   198.19.1.8:8080    ✗ fail    TimedOut                       0/3
      db/pod/db-0:5432        198.19.1.44:5432   ✗ fail    Refused              0.20 ms   0/1

      source: shop/web-0 (198.19.0.4) on node1
      4 tests: 1 pass, 3 fail in 1.2 s
      Warning: node2 is NotReady
      ✗ svc/api:80: NetworkPolicy shop/api-ingress selects pod api-6d5f9c7b4-9vvtm; it may or may not be the cause
      ✗ db/pod/db-0:5432: refused
      "
    `);
  });

  it('lists the pods of a workload below its name, and what has no address', async () => {
    expect(await table(pingFromOne, 80)).toMatchInlineSnapshot(`
      "DESTINATION             ADDRESS/PORT   VERDICT   REASON         AVG       LOSS
      deploy/web
        web-6d5f9c7b4-aaaaa   198.19.0.9     ✓ pass    EchoReply      0.21 ms   0%
        web-6d5f9c7b4-bbbbb   198.19.1.10    ✓ pass    EchoReply      12.3 ms   0%
      198.18.102.1            198.18.102.1   ✗ fail    PacketLoss     0.05 ms   20%
      host/no.such                           ✗ fail    NameNotFound

      source: shop/web-0 (198.19.0.4) on node1
      4 tests: 2 pass, 2 fail in 1.2 s
      ✗ 198.18.102.1: 4 of 5 answered
      ✗ host/no.such: no.such does not resolve in shop/web-0
      "
    `);
    expect(await table(pingFromOne, 200)).toMatchInlineSnapshot(`
      "DESTINATION             ADDRESS/PORT   VERDICT   REASON         AVG/P50/MAX MS   LOSS
      deploy/web
        web-6d5f9c7b4-aaaaa   198.19.0.9     ✓ pass    EchoReply      0.21/0.19/0.42   0%
        web-6d5f9c7b4-bbbbb   198.19.1.10    ✓ pass    EchoReply      12.3/11.1/24.6   0%
      198.18.102.1            198.18.102.1   ✗ fail    PacketLoss     0.05/0.05/0.10   20%
      host/no.such                           ✗ fail    NameNotFound

      source: shop/web-0 (198.19.0.4) on node1
      4 tests: 2 pass, 2 fail in 1.2 s
      ✗ 198.18.102.1: 4 of 5 answered
      ✗ host/no.such: no.such does not resolve in shop/web-0
      "
    `);
  });

  it('is a matrix for several sources', async () => {
    expect(await table(pingFromTwo, 80)).toMatchInlineSnapshot(`
      "SOURCE   pod/api-0         node/worker-2
      web-0    ✓ pass 0.21 ms    ✓ pass 0.40 ms
      web-1    ✗ fail 20% loss   ? inconclusive SourceVanished

      4 tests: 2 pass, 1 fail, 1 inconclusive in 1.2 s
      ✗ web-1 → pod/api-0: 4 of 5 answered
      ? web-1 → node/worker-2: web-1 was deleted meanwhile
      "
    `);
    expect(await table(connectFromTwo, 80)).toMatchInlineSnapshot(`
      "SOURCE   svc/api:80       svc/api:80         svc/api:80         db/pod/db-0:5432
               198.18.7.20:80   api-6d5f…4-x2kqp   api-6d5f…4-9vvtm
      web-0    ✗ fail 2/3       ✓ pass 0.30 ms     ✗ fail             ✗ fail
      web-1    ✗ fail 2/3       ✓ pass 0.30 ms     ! error            ✗ fail

      8 tests: 2 pass, 5 fail, 1 error in 1.2 s
      ✗ svc/api:80: 2 of 3 connected
      ✗ web-0 → svc/api:80 (api-6d5f9c7b4-9vvtm): no answer in 3.5 s
      ! web-1 → svc/api:80 (api-6d5f9c7b4-9vvtm): the tool container did not start
      ✗ db/pod/db-0:5432: refused
      "
    `);
    expect(await table(connectFromTwo, 200)).toMatchInlineSnapshot(`
      "SOURCE   svc/api:80       svc/api:80            svc/api:80                    db/pod/db-0:5432
               198.18.7.20:80   api-6d5f9c7b4-x2kqp   api-6d5f9c7b4-9vvtm
      web-0    ✗ fail 2/3       ✓ pass 0.30 ms        ✗ fail TimedOut               ✗ fail Refused
      web-1    ✗ fail 2/3       ✓ pass 0.30 ms        ! error ToolContainerFailed   ✗ fail Refused

      8 tests: 2 pass, 5 fail, 1 error in 1.2 s
      ✗ svc/api:80: 2 of 3 connected
      ✗ web-0 → svc/api:80 (api-6d5f9c7b4-9vvtm): no answer in 3.5 s
      ! web-1 → svc/api:80 (api-6d5f9c7b4-9vvtm): the tool container did not start
      ✗ db/pod/db-0:5432: refused
      "
    `);
  });

  it('is a list for several sources where a matrix does not fit or its columns would have no names', async () => {
    expect(await table(connectFromTwo, 60)).toMatchInlineSnapshot(`
      "SOURCE   DESTINATION           VERDICT   REASON
      web-0    svc/api:80            ✗ fail    SomeAttemptsFailed
      web-0      api-6d5…7b4-x2kqp   ✓ pass    Connected
      web-0      api-6d5…7b4-9vvtm   ✗ fail    TimedOut
      web-0    db/pod/db-0:5432      ✗ fail    Refused
      web-1    svc/api:80            ✗ fail    SomeAttemptsFailed
      web-1      api-6d5…7b4-x2kqp   ✓ pass    Connected
      web-1      api-6d5…7b4-9vvtm   ! error   ToolContainerFailed
      web-1    db/pod/db-0:5432      ✗ fail    Refused

      8 tests: 2 pass, 5 fail, 1 error in 1.2 s
      ✗ svc/api:80: 2 of 3 connected
      ✗ web-0 → svc/api:80 (api-6d5f9c7b4-9vvtm): no answer in 3.5
        s
      ! web-1 → svc/api:80 (api-6d5f9c7b4-9vvtm): the tool
        container did not start
      ✗ db/pod/db-0:5432: refused
      "
    `);
    expect(await table(pingFromTwo, 80, { headers: false })).toMatchInlineSnapshot(`
      "web-0    pod/api-0       ✓ pass           EchoReply        0.21/0.19/0.42   0%
      web-0    node/worker-2   ✓ pass           EchoReply        0.40/0.36/0.80   0%
      web-1    pod/api-0       ✗ fail           PacketLoss       0.18/0.16/0.36   20%
      web-1    node/worker-2   ? inconclusive   SourceVanished

      4 tests: 2 pass, 1 fail, 1 inconclusive in 1.2 s
      ✗ web-1 → pod/api-0: 4 of 5 answered
      ? web-1 → node/worker-2: web-1 was deleted meanwhile
      "
    `);
  });

  it('is a list where the names of a matrix would look alike when shortened', async () => {
    const twin = (middle: string): ResultDestination => {
      const name = `${'a'.repeat(20)}${middle}${'b'.repeat(20)}`;
      return { ref: name, kind: 'pod', namespace: 'shop', name, address: '198.19.1.7' };
    };
    const destinations = [twin('one'), twin('two')];
    const report = reportOf(
      'ping',
      [web0, web1].flatMap((source) => destinations.map((each) => ping(source, each, 1))),
    );
    expect(await table(report, 60)).toMatch(/^SOURCE +DESTINATION/);
    expect(await table(report, 200)).toMatch(/^SOURCE +aaa/);
  });

  it('is a list where two tests would share a cell of a matrix', async () => {
    const host = { ref: 'host/example.test', kind: 'host', name: 'example.test' } as const;
    const report = reportOf(
      'ping',
      [web0, web1].flatMap((source) =>
        ['198.18.0.1', '2001:2::1'].map((address) => ping(source, { ...host, address }, 1)),
      ),
    );
    expect(await table(report, 200)).toContain('web-1    host/example.test   2001:2::1');
  });

  it('says what was expected where something was to be denied, and shows both addresses of a dual-stack pod', async () => {
    const destination: ResultDestination = {
      ref: 'pod/db-0',
      kind: 'pod',
      namespace: 'shop',
      name: 'db-0',
      address: '198.19.1.7',
      port: 53,
      protocol: 'udp',
    };
    const report = reportOf('connect', [
      connect(web0, destination, [0.4], {
        probe: 'udp',
        reason: 'Answered',
        expect: 'deny',
        verdict: 'fail',
        message: 'answered, which was to be denied',
      }),
      connect(web0, { ...destination, address: '2001:2::1:7' }, [], {
        probe: 'udp',
        reason: 'Silent',
        expect: 'deny',
        verdict: 'pass',
        control: { source: 'shop/web-1', reached: true },
      }),
    ]);
    expect(await table(report, 80)).toMatchInlineSnapshot(`
      "DESTINATION   ADDRESS/PORT           EXPECT   VERDICT   REASON     CONNECT   OK
      pod/db-0      198.19.1.7:53/udp      deny     ✗ fail    Answered   0.40 ms   1/1
      pod/db-0      [2001:2::1:7]:53/udp   deny     ✓ pass    Silent               0/0

      source: shop/web-0 (198.19.0.4) on node1
      2 tests: 1 pass, 1 fail in 1.2 s
      ✗ pod/db-0: answered, which was to be denied
      "
    `);
  });

  it('says so when there was no test', async () => {
    expect(await table(reportOf('ping', []), 80)).toBe('0 tests in 1.2 s\n');
  });

  it('writes what was found and, below it, what policies say of it', async () => {
    const message = 'connected in 0.3 ms, which was to be denied';
    const results = [
      connect(web0, { ref: 'pod/dst:8080', kind: 'pod', address: '198.19.1.7', port: 8080 }, [0.3], {
        verdict: 'fail',
        expect: 'deny',
        message,
      }),
    ];
    const hints = [{ results: ['r1'], text: 'by its text shop/p denies it', about: 'policies' as const }];
    const lines = (await table(reportOf('connect', results, { hints }), 200)).split('\n');
    expect(lines.filter((line) => line.startsWith('✗'))).toEqual([
      `✗ pod/dst:8080: ${message}`,
      '✗ pod/dst:8080: by its text shop/p denies it',
    ]);
  });

  it('says which tests were made under which shape, and names it before what was found', async () => {
    const shape = 'partition (egress, peer pod/dst)';
    const dst = { ref: 'pod/dst:8080', kind: 'pod', address: '198.19.1.7', port: 8080 } as const;
    const results = [
      connect(web0, dst, [], { suite: 's', test: 'cut', shape, verdict: 'fail', message: 'timed out' }),
      connect(web0, dst, [0.3], { suite: 's', test: 'whole' }),
      connect(web0, dst, [0.3], { suite: 's', test: 'late', shape }),
    ];
    const hints = [{ results: ['r1'], text: `made under the shape "${shape}"`, about: 'shape' as const }];
    const lines = (await table(reportOf('run', results, { hints }), 200)).split('\n');
    expect(lines).toContain(`under the shape "${shape}": cut, late`);
    const [first, second] = lines.filter((line) => line.startsWith('✗'));
    expect(first).toContain('made under the shape');
    expect(second).toContain('timed out');
  });

  describe('of suites', () => {
    const pod = (name: string, port: number) => {
      return { ref: 'pods with app=web', kind: 'pod', namespace: 'shop', name, address: '198.19.1.7', port } as const;
    };
    const failed = (test: string, more: Partial<Result> = {}, name = 'web-x', port = 8080) =>
      connect(web0, pod(name, port), [], { suite: 's', test, verdict: 'fail', message: 'refused', ...more });
    const causes = async (results: Omit<Result, 'id'>[], hints: Report['hints'] = []) =>
      (await table(reportOf('run', results, { hints }), 200)).split('\n').filter((line) => line.startsWith('✗'));

    it('names the test of each cause, its sources and ports', async () => {
      const other = { ...failed('two', { message: 'timed out' }, 'web-y', 81), source: web1 };
      expect(await causes([failed('one'), failed('one', {}, 'web-x', 81), other])).toEqual([
        '✗ one: web-0 → pods with app=web (web-x:8080), pods with app=web (web-x:81): refused',
        '✗ two: web-1 → pods with app=web (web-y:81): timed out',
      ]);
      expect(await causes([failed('one'), failed('two', { suite: 't' })])).toEqual([
        '✗ s: one: pods with app=web (web-x:8080): refused',
        '✗ t: two: pods with app=web (web-x:8080): refused',
      ]);
    });

    it('keeps what is said of a test together, and says once what is the same for many', async () => {
      const hints = [{ results: ['r1', 'r2'], text: 'by its text', about: 'policies' as const }];
      expect(await causes([failed('one'), failed('two')], hints)).toEqual([
        '✗ one: pods with app=web (web-x:8080): refused',
        '✗ one: pods with app=web (web-x:8080): by its text',
        '✗ two: pods with app=web (web-x:8080): refused',
        '✗ two: pods with app=web (web-x:8080): by its text',
      ]);
      const names = ['one', 'two', 'three', 'four'];
      expect(await causes(names.map((name) => failed(name)))).toEqual(['✗ one, two and 2 more: refused']);
    });

    it('names them in wide, too', async () => {
      const report = reportOf('run', [failed('one')]);
      const text = await renderReport(report, 'wide', { width: 80, color: false, headers: true });
      expect(text).toMatch(/^SUITE {3}TEST {3}SOURCE /);
      expect(text).toMatch(/^s {7}one {4}shop\/web-0 /m);
    });
  });

  it('writes each distinct cause once, and no more than ten', async () => {
    const destination = (index: number): ResultDestination => ({
      ref: `198.18.0.${index}`,
      kind: 'ip',
      address: `198.18.0.${index}`,
    });
    const results = Array.from({ length: 30 }, (_, index) =>
      ping(web0, destination(index), 1, { verdict: 'fail', message: index < 3 ? 'no reply' : `no reply ${index}` }),
    );
    const lines = (await table(reportOf('ping', results), 200)).split('\n');
    expect(lines).toContain('✗ 198.18.0.0, 198.18.0.1 and 1 more: no reply');
    expect(lines.filter((line) => line.startsWith('✗'))).toHaveLength(10);
    expect(lines).toContain('… and 18 more: -o wide shows every message');
  });

  it('is never wider than the terminal from 80 columns on, coloured or not, and survives 20', async () => {
    await fc.assert(
      fc.asyncProperty(anyReport, fc.boolean(), fc.boolean(), async (report, color, headers) => {
        for (const width of [80, 200]) {
          const text = await table(report, width, { color, headers });
          for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        }
        expect(await table(report, 20, { color, headers })).toContain('in ');
      }),
    );
  });

  it('says the verdict of every result in words, and colour changes nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(anyReport, async (any) => {
        // A suite's table has a line a test of the suite, not one a result.
        const report = { ...any, results: any.results.map((result) => ({ ...result })) };
        for (const result of report.results) delete result.test;
        const plain = await table(report, 200);
        for (const verdict of verdicts) {
          const said = plain.split(verdictText(verdict)).length - 1;
          expect(said).toBeGreaterThanOrEqual(report.summary[verdict]);
        }
        const sgr = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
        expect((await table(report, 200, { color: true })).replace(sgr, '')).toBe(plain);
      }),
    );
  });

  it('colours verdicts when asked', async () => {
    const text = await table(pingFromTwo, 80, { color: true });
    expect(text).toContain('\u001b[32m✓ pass\u001b[39m 0.21 ms');
    expect(text).toContain('\u001b[31m✗ fail\u001b[39m 20% loss');
  });

  it('lays a long table out in the same columns throughout', async () => {
    const results = Array.from({ length: 100 }, (_, index) =>
      ping(web0, { ref: `198.18.0.${index}`, kind: 'ip', address: `198.18.0.${index}` }, 1),
    );
    const lines = (await table(reportOf('ping', results), 80)).split('\n').slice(0, 101);
    expect(new Set(lines.map((line) => line.search(/✓|VERDICT/))).size).toBe(1);
  });
});

// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dnsCommand, type DnsQuery, type DnsRequest } from '../../../src/probes/dns.js';
import { dnsParser } from '../../../src/probes/dns-parser.js';
import { execute } from './local-execution.js';
import { NameServer } from './name-server.js';

const hasBusybox = spawnSync('sh', ['-c', 'command -v busybox']).status === 0;
const hasDig = spawnSync('sh', ['-c', 'command -v dig']).status === 0;

describe.skipIf(!hasDig)('the DNS script, on loopback', () => {
  let server: NameServer;
  beforeAll(async () => {
    server = await NameServer.start({
      'api.shop.example': 'NXDOMAIN',
      'api.example': ['198.18.0.2', '198.18.0.1'],
      'api.empty': [],
      'api.broken': 'SERVFAIL',
      'api.closed': 'REFUSED',
      'quiet.example': 'silent',
      'nobody.a': 'NXDOMAIN',
      'nobody.b': 'NXDOMAIN',
    });
  });
  afterAll(() => server.stop());

  const query = (index: number, names: string[], more: Partial<DnsQuery> = {}): DnsQuery => ({
    index,
    name: names[0] ?? '',
    type: 'A',
    names,
    ownFirst: false,
    server: '127.0.0.1',
    port: server.port,
    ...more,
  });
  const run = (queries: DnsQuery[], more: Partial<DnsRequest> = {}, options = {}) => {
    const request = { queries, attempts: 3, timeoutMs: 1000, tcp: false, expect: {}, leash: true, ...more };
    return execute(dnsCommand(request), dnsParser(request), options);
  };

  it('asks for one name after another until one has records, and repeats only the last', async () => {
    server.asked.length = 0;
    const names = ['api.shop.example.', 'api.empty.', 'api.broken.', 'api.example.', 'never.example.'];
    const { outcomes, exitCode } = await run([query(4, names)]);
    expect(exitCode).toBe(0);
    expect(server.asked).toEqual([
      'api.shop.example A',
      'api.empty A',
      'api.broken A',
      'api.example A',
      'api.example A',
      'api.example A',
    ]);
    const [outcome] = outcomes;
    expect(outcome).toMatchObject({
      index: 4,
      reason: 'Resolved',
      dns: {
        type: 'A',
        queried: 'api.example.',
        queries: 4,
        rcode: 'NOERROR',
        answers: ['198.18.0.2', '198.18.0.1'],
        ttl: 30,
        authoritative: true,
      },
    });
    expect(outcome?.attempts).toHaveLength(3);
    for (const { ms } of outcome?.attempts ?? []) expect(ms).toBeGreaterThan(0);
  });

  it('has the same to say when the work is in its arguments', async () => {
    const { outcomes } = await run([query(0, ['api.example.']), query(1, ['nobody.a.'])], { leash: false });
    expect(outcomes.map(({ reason }) => reason)).toEqual(['Resolved', 'DnsError']);
  });

  it('stops the search where it is refused, and says which name counts where none has records', async () => {
    const { outcomes } = await run([
      query(0, ['api.closed.', 'api.example.']),
      query(1, ['nobody.a.', 'api.empty.', 'nobody.b.']),
      query(2, ['nobody.a.', 'nobody.b.']),
      query(3, ['nobody.a.', 'api.empty.'], { ownFirst: true }),
    ]);
    expect(outcomes.map(({ reason, dns }) => [reason, dns?.queried, dns?.queries, dns?.rcode])).toEqual([
      ['DnsError', 'api.closed.', 1, 'REFUSED'],
      ['NoSuchRecord', 'api.empty.', 3, 'NOERROR'],
      ['DnsError', 'nobody.b.', 2, 'NXDOMAIN'],
      ['DnsError', 'nobody.a.', 2, 'NXDOMAIN'],
    ]);
  });

  it('holds answers against what was expected', async () => {
    const expectation = async (expected: DnsRequest['expect'], name: string) => {
      const { outcomes } = await run([query(0, [name])], { expect: expected, attempts: 1 });
      return outcomes[0]?.reason;
    };
    expect(await expectation({ rcode: 'NXDOMAIN' }, 'nobody.a.')).toBe('Resolved');
    expect(await expectation({ rcode: 'NXDOMAIN' }, 'api.example.')).toBe('DnsError');
    expect(await expectation({ answers: ['198.18.0.1', '198.18.0.2'] }, 'api.example.')).toBe('Resolved');
    expect(await expectation({ answers: ['198.18.0.1'] }, 'api.example.')).toBe('UnexpectedAnswer');
    expect(await expectation({ answers: ['198.18.0.1'] }, 'api.empty.')).toBe('UnexpectedAnswer');
    expect(await expectation({ rcode: 'NOERROR' }, 'api.empty.')).toBe('Resolved');
  });

  it('asks a silent server as often as was asked, at the same time, and a closed port too', async () => {
    server.asked.length = 0;
    const closed = await NameServer.start({});
    const { port } = closed;
    closed.stop();
    const { outcomes } = await run([
      query(0, ['quiet.example.', 'api.example.'], { name: 'quiet' }),
      query(1, ['api.example.'], { port }),
    ]);
    expect(outcomes.map(({ reason }) => reason)).toEqual(['TimedOut', 'Refused']);
    expect(outcomes[0]).toMatchObject({
      message: 'quiet.example.: no answer within 1 s',
      dns: { answers: [], queries: 1 },
    });
    expect(outcomes[0]?.attempts).toHaveLength(3);
    expect(server.asked).toEqual(Array(3).fill('quiet.example A'));
  });

  it('answers for many tests at once, each for itself', async () => {
    const queries = Array.from({ length: 40 }, (_, index) =>
      query(index, [index % 2 === 0 ? 'api.example.' : 'nobody.a.']),
    );
    const { outcomes } = await run(queries, { attempts: 2 });
    expect(outcomes.map(({ reason }) => reason)).toEqual(
      queries.map(({ index }) => (index % 2 === 0 ? 'Resolved' : 'DnsError')),
    );
  });

  it('lets go of everything when nobody waits', async () => {
    const { outcomes, ms } = await run([query(0, ['quiet.example.'])], { timeoutMs: 60_000 }, { letGoMs: 300 });
    expect(outcomes[0]?.reason).toMatch(/ConnectionLost|ToolFailed/);
    expect(ms).toBeLessThan(20_000);
  });

  it.skipIf(!hasBusybox)('works in the shell of busybox', async () => {
    const request = { attempts: 2, timeoutMs: 1000, tcp: false, expect: {}, leash: true };
    const queries = [query(0, ['nobody.a.', 'api.example.']), query(1, ['quiet.example.'])];
    const command = dnsCommand({ ...request, queries });
    const inBusybox = { ...command, argv: ['busybox', ...command.argv] };
    const { outcomes, exitCode } = await execute(inBusybox, dnsParser({ ...request, queries }));
    expect(exitCode).toBe(0);
    expect(outcomes.map(({ reason, attempts }) => [reason, attempts.length])).toEqual([
      ['Resolved', 2],
      ['TimedOut', 2],
    ]);
    const left = await execute(
      { ...inBusybox, input: dnsCommand({ ...request, queries, timeoutMs: 60_000 }).input ?? '' },
      dnsParser({ ...request, queries }),
      { letGoMs: 300 },
    );
    expect(left.ms).toBeLessThan(10_000);
  });

  it('names a missing dig', async () => {
    const request = { queries: [query(0, ['api.example.'])], attempts: 1, timeoutMs: 1000, tcp: false, expect: {} };
    const command = dnsCommand({ ...request, leash: false });
    const withoutTools = { ...command, argv: ['/bin/sh', ...command.argv.slice(1)] };
    const { outcomes, exitCode } = await execute(withoutTools, dnsParser({ ...request, leash: false }), {
      env: { PATH: '/nowhere' },
    });
    expect(exitCode).toBe(127);
    expect(outcomes).toMatchObject([{ reason: 'ToolMissing', message: 'dig is missing in the tool image' }]);
  });
});

// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.js';
import { account, deleteClusterRoles } from './accounts.js';
import { netmachinery, report, runUntil } from './cli.js';
import {
  createNamespace,
  createReady,
  deleteNamespace,
  images,
  kubectl,
  podManifest,
  processesOnce,
} from './kubectl.js';
import { ephemeralContainers, filteredPod, readySlices, serverPod, service } from './manifests.js';
import { expectRefusal } from './refusal.js';
import { SuiteFiles } from './suite-files.js';

let namespace = '';
let files: SuiteFiles;
const deny = { expect: 'deny', probe: { connect: { timeout: '600ms', attempts: 1 } } };

beforeAll(async () => {
  [namespace, files] = await Promise.all([createNamespace('run'), SuiteFiles.create()]);
  await createReady(
    namespace,
    podManifest('client'),
    podManifest('other'),
    podManifest('untouched'),
    serverPod('server', { labels: { app: 'server' } }),
    filteredPod('closed', 'input', ['iif lo accept', 'tcp dport 8080 drop']),
    service('closed', { selector: { app: 'closed' }, ports: [{ port: 80, targetPort: 8080 }] }),
    service('server', { selector: { app: 'server' }, ports: [{ name: 'web', port: 80, targetPort: 8080 }] }),
  );
  await readySlices(namespace, 'server', 1);
});
afterAll(() => Promise.all([deleteNamespace(namespace), deleteClusterRoles(namespace), files.remove()]));

const run = async (tests: object[], ...flags: string[]) =>
  report(['run', '-f', await files.networkTest(namespace, tests), ...flags]);
const verdicts = ({ results }: Report) =>
  results.map(({ test, verdict, reason }) => `${test ?? ''}: ${verdict} ${reason}`);

describe('a suite', () => {
  it('is made as it is written, each probe in one exec of its source', async () => {
    const tests = [
      { name: 'service', from: 'client', to: 'svc/server:web', tags: ['smoke'] },
      { name: 'refused', from: 'client', to: 'pod/server:81' },
      { name: 'ping', from: 'client', to: 'pod/server', probe: { ping: { count: 2 } } },
      { name: 'dns', from: 'client', to: 'server', probe: 'dns' },
      { name: 'http', from: 'client', to: 'svc/server:80', probe: { http: { path: '/' } } },
      { name: 'mtu', from: 'client', to: 'pod/server', probe: 'mtu' },
      { name: 'trace', from: 'client', to: 'pod/server', probe: 'trace' },
    ];
    await run(tests);
    const { report: found, exitCode, stderr } = await run(tests, '-v', '1');
    expect(verdicts(found)).toEqual([
      'service: pass Connected',
      'service: pass Connected',
      'refused: fail Refused',
      'ping: pass EchoReply',
      'dns: pass Resolved',
      'http: pass Responded',
      'http: pass Responded',
      'mtu: pass PathMtuFound',
      'trace: pass Arrived',
    ]);
    expect(found).toMatchObject({ kind: 'Report', command: 'run', summary: { total: 9, pass: 8, fail: 1 } });
    expect(found.results[0]).toMatchObject({ suite: 'suite', tags: ['smoke'], id: 'r1' });
    expect(found.hints.find(({ text }) => text.startsWith('refused'))?.results).toEqual(['r3']);
    expect(exitCode).toBe(1);
    // Two tests by `connect` share one; `dns` looks at resolv.conf first.
    expect(stderr).toMatch(/ 7 exec$/m);
    expect((await ephemeralContainers(namespace))['client']).toHaveLength(1);
  });

  it('says what was not met, and what is not known', async () => {
    const { report: found, exitCode } = await run([
      {
        name: 'slow',
        from: 'client',
        to: 'pod/server',
        probe: { ping: { count: 2 } },
        expect: { rttMs: { avg: '> 500' } },
      },
      {
        name: 'fast',
        from: 'client',
        to: 'pod/server',
        probe: { ping: { count: 2 } },
        expect: { rttMs: { avg: '< 500' } },
      },
      { name: 'status', from: 'client', to: 'svc/server:80', probe: 'http', expect: { status: 404 } },
    ]);
    expect(verdicts(found)).toEqual([
      'slow: fail ExpectationNotMet',
      'fast: pass EchoReply',
      'status: fail ExpectationNotMet',
      'status: fail ExpectationNotMet',
    ]);
    expect(found.results[0]?.message).toMatch(/rttMs\.avg is [\d.]+, expected > 500/);
    expect(exitCode).toBe(1);
  });

  it('needs no more than rbac run prints, and says so to whoever has less', async () => {
    const [enough, listless] = await Promise.all([
      account(namespace, 'enough', ['run', '-n', namespace]),
      account(namespace, 'listless', ['run', '-n', namespace], { lacks: 'list endpointslices' }),
    ]);
    const file = await files.networkTest(namespace, [
      { name: 'service', from: 'client', to: 'svc/server:web' },
      { name: 'labels', from: 'client', to: { selector: 'app=server' }, probe: 'ping' },
      { name: 'shut', from: 'client', to: 'pod/closed:8080', ...deny, control: 'destination' },
    ]);
    const [done, refused] = await Promise.all([
      report(['run', '-f', file, '--as', enough]),
      netmachinery(['run', '-f', file, '--as', listless]),
    ]);
    expect(done.report.summary).toMatchObject({ total: 4, pass: 4 });
    expect(done.exitCode).toBe(0);
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toContain('cannot list resource "endpointslices"');
    expect(refused.stderr).toContain(`kubectl netmachinery rbac run -n ${namespace}`);
  });

  it('may expect losses', async () => {
    const ping = { count: 2, interval: '20ms', timeout: '500ms' };
    const { report: found } = await run([
      { name: 'all is lost', from: 'client', to: '198.18.99.9', probe: { ping }, expect: { lossPercent: '>= 50' } },
      { name: 'none may be', from: 'client', to: '198.18.99.9', probe: { ping }, expect: { lossPercent: 0 } },
      { name: 'any may be', from: 'client', to: '198.18.99.9', probe: { ping }, maxLoss: '100%' },
    ]);
    const [expected, unexpected, any] = found.results;
    expect(expected).toMatchObject({ verdict: 'pass', lossPercent: 100 });
    expect(unexpected).toMatchObject({ verdict: 'fail', reason: expected?.reason });
    expect(any).toMatchObject({ verdict: 'pass', lossPercent: 100 });
  });

  it('names a namespace that is not there, though another one has such pods', async () => {
    const from = { selector: 'app=client', namespaces: [namespace, 'no-such-namespace'] };
    const file = await files.networkTest(namespace, [{ name: 'typo', from, to: 'pod/server:8080' }]);
    expectRefusal(await netmachinery(['run', '-f', file]), { exitCode: 2, error: /no-such-namespace/ });
  });

  it('is refused as a whole where names are wrong, and nothing is touched', async () => {
    const file = await files.networkTest(namespace, [
      { name: 'one', from: 'untouched', to: 'svc/sever:80' },
      { name: 'two', from: 'untouchd', to: 'svc/server:80' },
      { name: 'three', from: 'untouched', to: 'svc/server:80' },
    ]);
    const refused = await netmachinery(['run', '-f', file]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stdout).toBe('');
    expect(refused.stderr).toMatch(/services "sever" not found/);
    expect(refused.stderr).toMatch(/pods "untouchd" not found/);
    expect(refused.stderr).toContain(`${file}:1:`);
    expect((await ephemeralContainers(namespace))['untouched'] ?? []).toEqual([]);
  });

  it('prints a line a test, then the matrix, then the causes', async () => {
    const file = await files.networkTest(namespace, [
      {
        name: 'all',
        from: ['client', 'other'],
        to: ['pod/server:8080', 'pod/closed:81'],
        probe: { connect: { attempts: 1 } },
      },
    ]);
    const { stdout, stderr, exitCode } = await netmachinery(['run', '-f', file]);
    expect(stderr).toContain('suite: all: ✗ fail 2/4');
    expect(stdout).toMatch(
      /^TEST +FROM → TO +EXPECT +VERDICT +PASSED +REASON\/TIME\nall +2 pods → 2 destinations +allow +✗ fail +2\/4/,
    );
    expect(stdout).toMatch(/\nSOURCE +pod\/server:8080 +pod\/closed:81\n/);
    expect(stdout).toMatch(/4 tests: 2 pass, 2 fail in/);
    expect(stdout).toMatch(/refused: the address answers/);
    expect(exitCode).toBe(1);
  });

  it('is written to files of every format at once', async () => {
    const file = await files.networkTest(namespace, [{ name: 'one', from: 'client', to: 'svc/server:80' }]);
    const path = (name: string) => join(files.folder, name);
    const { exitCode, stdout } = await netmachinery([
      'run',
      ...['-f', file, '-o', 'json', '--json-file', path('r.json'), '--junit-file', path('r.xml')],
      ...['--tap-file', path('r.tap'), '--html-file', path('r.html')],
    ]);
    expect(exitCode).toBe(0);
    expect(await readFile(path('r.json'), 'utf8')).toBe(stdout);
    expect(await readFile(path('r.xml'), 'utf8')).toMatch(/<testsuite [^>]*name="suite"/);
    expect(await readFile(path('r.tap'), 'utf8')).toMatch(/^TAP version 14\n1\.\.2\n/);
    expect(await readFile(path('r.html'), 'utf8')).toMatch(/^<!doctype html>/i);
  });
});

describe('a denied test of a suite', () => {
  it('passes where another source of the suite reached the same', async () => {
    const { report: found, exitCode } = await run([
      { name: 'denied', from: 'client', to: 'pod/closed:8080', ...deny },
      { name: 'open', from: 'closed', to: 'pod/closed:8080', probe: { connect: { timeout: '600ms', attempts: 1 } } },
      { name: 'control', from: 'other', to: 'pod/closed:8080', ...deny, control: 'destination' },
      { name: 'reached', from: 'client', to: 'pod/server:8080', ...deny },
    ]);
    expect(verdicts(found)).toEqual([
      'denied: pass TimedOut',
      'open: pass Connected',
      'control: pass TimedOut',
      'reached: fail Connected',
    ]);
    const control = { source: `${namespace}/closed`, reached: true };
    expect(found.results.map((result) => result.control)).toEqual([control, undefined, control, undefined]);
    expect(exitCode).toBe(1);
  });

  it('is inconclusive where nothing reached it, a host name that does not resolve included', async () => {
    const { report: found, exitCode } = await run([
      { name: 'silent', from: 'client', to: 'pod/closed:8080', ...deny },
      { name: 'nowhere', from: 'client', to: 'nowhere.invalid:80', ...deny },
    ]);
    expect(verdicts(found)).toEqual(['silent: inconclusive NoPositiveControl', 'nowhere: inconclusive NameNotFound']);
    expect(exitCode).toBe(4);
  });
});

describe('which tests are made, and how often', () => {
  const tests = [
    { name: 'first', from: 'client', to: 'pod/server:8080', tags: ['a'] },
    { name: 'second', from: 'client', to: 'pod/server:81', tags: ['b'], probe: { connect: { attempts: 1 } } },
    { name: 'third', from: 'client', to: 'pod/server:8080', tags: ['a', 'b'] },
  ];

  it.each([
    [
      ['--test', 'fir|thi'],
      ['first', 'third'],
    ],
    [
      ['--test', '!second'],
      ['first', 'third'],
    ],
    [
      ['--include', 'b'],
      ['second', 'third'],
    ],
    [['--include', 'a', '--exclude', 'b'], ['first']],
  ])('%j', async (flags, names) => {
    const { report: found } = await run(tests, ...flags);
    expect(found.results.map(({ test }) => test)).toEqual(names);
  });

  it('nothing that is left over is an error that names what there is', async () => {
    const file = await files.networkTest(namespace, tests);
    expectRefusal(await netmachinery(['run', '-f', file, '--test', 'fourth']), { exitCode: 2, error: /fourth/ });
  });

  it('--fail-fast makes none after the first that fails, and says so', async () => {
    const { report: found, exitCode } = await run(tests, '--fail-fast');
    expect(found.results.map(({ test }) => test)).toEqual(['first', 'second']);
    expect(found.warnings).toContain('1 of 3 tests were not made (--fail-fast)');
    expect(found.notMade).toEqual([{ suite: 'suite', test: 'third' }]);
    expect(exitCode).toBe(1);
  });

  it('--fail-fast proves a deny by a test whose turn has not come', async () => {
    const { report: found } = await run(
      [
        { name: 'denied', from: 'client', to: 'pod/closed:8080', ...deny },
        { name: 'fails', from: 'client', to: 'pod/server:81', probe: { connect: { attempts: 1 } } },
        { name: 'never made', from: 'closed', to: 'pod/closed:8080', probe: { connect: { attempts: 1 } } },
        { name: 'nor this', from: 'closed', to: 'http://closed.example/', probe: 'http' },
      ],
      '--fail-fast',
    );
    expect(verdicts(found)).toEqual(['denied: pass TimedOut', 'fails: fail Refused']);
    expect(found.results[0]?.control).toEqual({ source: `${namespace}/closed`, reached: true });
  });

  it('--fail-fast asks the pods of later tests what they would send', async () => {
    const request = { http: { connectTimeout: '600ms' } };
    const { report: found } = await run(
      [
        { name: 'denied', from: 'client', to: 'svc/closed:80', expect: 'deny', probe: request },
        { name: 'reaches it', from: 'closed', to: 'svc/closed:80', probe: request },
      ],
      '--fail-fast',
    );
    const [denied] = found.results;
    expect(denied).toMatchObject({ test: 'denied', expect: 'deny', control: { source: `${namespace}/closed` } });
  });

  it('--repeat makes all of them as often as asked', async () => {
    const { report: found } = await run(tests.slice(0, 1), '--repeat', '3');
    expect(found.results.map(({ id, test }) => `${id} ${test ?? ''}`)).toEqual(['r1 first', 'r2 first', 'r3 first']);
  });

  it('--retries tries again what does not pass, and counts', async () => {
    const { report: found, exitCode } = await run(
      [
        {
          name: 'late',
          from: 'client',
          to: ['pod/server:8080', 'pod/server:81'],
          retryDelay: '100ms',
          probe: { connect: { attempts: 1 } },
        },
      ],
      '--retries',
      '2',
    );
    expect(found.results.map(({ tries, verdict }) => ({ tries, verdict }))).toEqual([
      { tries: undefined, verdict: 'pass' },
      { tries: 3, verdict: 'fail' },
    ]);
    expect(exitCode).toBe(1);
  });

  it('a server that comes up meanwhile is reached by a retry', async () => {
    await createReady(namespace, podManifest('late', { image: images.toolbox, command: ['sleep', 'infinity'] }));
    const running = run([
      {
        name: 'late',
        from: 'client',
        to: 'pod/late:9090',
        retries: 100,
        retryDelay: '300ms',
        probe: { connect: { attempts: 1 } },
      },
    ]);
    await processesOnce(namespace, 'client', 'working');
    await kubectl([
      'exec',
      '-n',
      namespace,
      'late',
      '--',
      'sh',
      '-c',
      'setsid nc -lkd 9090 </dev/null >/dev/null 2>&1 &',
    ]);
    const { report: found, exitCode } = await running;
    expect(found.results).toMatchObject([{ verdict: 'pass' }]);
    expect(found.results[0]?.tries).toBeGreaterThan(1);
    expect(exitCode).toBe(0);
  });
});

describe('a run that is ended', () => {
  it('by Ctrl-C leaves nothing running, and exits with 130', async () => {
    const file = await files.networkTest(namespace, [
      { name: 'long', from: 'other', to: 'pod/server', probe: { ping: { count: 200 } } },
    ]);
    const begun = async () => (await processesOnce(namespace, 'other', 'working')).length > 0;
    const { exitCode } = await runUntil(['run', '-f', file], begun, 'SIGINT');
    expect(exitCode).toBe(130);
    await processesOnce(namespace, 'other', 'idle');
  });

  it('by --timeout while a test settles has what was found until then', async () => {
    const { report: found, exitCode } = await run(
      [
        { name: 'settled', from: 'client', to: 'pod/server:8080' },
        { name: 'settles', from: 'client', to: 'pod/server:8080', settle: '60s' },
      ],
      '--timeout',
      '10s',
    );
    expect(verdicts(found)).toEqual(['settled: pass Connected', 'settles: error DeadlineExceeded']);
    expect(exitCode).toBe(3);
  });

  it('by --timeout says so', async () => {
    const { report: found, exitCode } = await run(
      [{ name: 'long', from: 'other', to: 'pod/server', probe: { ping: { count: 200 } } }],
      '--timeout',
      '3s',
    );
    expect(verdicts(found)).toEqual(['long: error DeadlineExceeded']);
    expect(exitCode).toBe(3);
  });
});

describe('flags that make no sense together', () => {
  it.each([
    [['--frequency', '5s'], /--frequency is of use with --watch only/],
    [['--watch', '--repeat', '2'], /--watch and --repeat exclude each other/],
    [['--watch', '--fail-fast'], /--watch and --fail-fast exclude each other/],
    [['--watch', '--no-exec'], /--watch and --no-exec exclude each other/],
  ])('%j', async (flags, error) => {
    const file = await files.networkTest(namespace, [{ name: 'one', from: 'client', to: 'svc/server:80' }]);
    expectRefusal(await netmachinery(['run', '-f', file, ...flags]), { exitCode: 2, error });
  });
});

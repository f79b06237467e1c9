// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { Parser, type FinalResults } from 'tap-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.js';
import type { ReportDiff } from '../../src/model/report-diff.js';
import { netmachinery, runUntil, type CliResult, type Launcher } from './cli.js';
import {
  createNamespace,
  createReady,
  deleteNamespace,
  idleProcesses,
  images,
  kubectl,
  processesOnce,
} from './kubectl.js';
import { ephemeralContainers, serverPod, service } from './manifests.js';

let namespace = '';
let folder = '';
const at = (name: string) => join(folder, name);
const quick = ['--count', '2', '--interval', '20ms'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netmachinery-report-'));
  namespace = await createNamespace('report');
  const labels = { role: 'source' };
  await createReady(
    namespace,
    serverPod('a', { labels }),
    serverPod('b', { labels }),
    serverPod('busy'),
    serverPod('untouched'),
    serverPod('server'),
    service('api', { selector: { app: 'server' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] }),
  );
});
afterAll(async () => {
  await deleteNamespace(namespace);
  await rm(folder, { recursive: true });
});

const fileFlags = (name: string) => [
  ...['--json-file', at(`${name}.json`), '--junit-file', at(`${name}.xml`)],
  ...['--tap-file', at(`${name}.tap`), '--html-file', at(`${name}.html`)],
];
const read = (name: string) => readFile(at(name), 'utf8');
const connect = (...words: string[]) => netmachinery(['connect', '-n', namespace, ...words]);

function tapResults(text: string): Promise<FinalResults> {
  return new Promise((resolve) => {
    new Parser({ strict: true }, resolve).end(text);
  });
}

interface Junit {
  testsuites: {
    '@tests': string;
    '@failures': string;
    '@errors': string;
    testsuite: { testcase: Record<string, unknown>[] };
  };
}
const junitOf = (text: string) =>
  new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@' }).parse(text) as Junit;

describe('files beside stdout', () => {
  it('say what stdout says, and each is what its format is for', async () => {
    const run = await connect('a', 'svc/api:80', 'server:1', '--attempts', '1', '-o', 'json', ...fileFlags('all'));
    expect(run.exitCode, run.stderr).toBe(1);
    expect(await read('all.json')).toBe(run.stdout);
    const { testsuites } = junitOf(await read('all.xml'));
    expect(testsuites).toMatchObject({ '@tests': '3', '@failures': '1', '@errors': '0' });
    expect(testsuites.testsuite.testcase.map((each) => each['@name'])).toEqual([
      `tcp ${namespace}/a to svc/api:80`,
      `tcp ${namespace}/a to svc/api:80 endpoint server:8080`,
      `tcp ${namespace}/a to server:1`,
    ]);
    expect(await tapResults(await read('all.tap'))).toMatchObject({
      ok: false,
      count: 3,
      pass: 2,
      fail: 1,
      bailout: false,
    });
    expect(await read('all.html')).toContain('<h1>1 of 3 tests failed</h1>');
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('are written after an interruption too', async () => {
    const args = [
      'ping',
      '-n',
      namespace,
      'busy',
      'server',
      '--count',
      '1000',
      '--interval',
      '100ms',
      ...fileFlags('int'),
    ];
    const atWork = async () => (await processesOnce(namespace, 'busy', 'working')).length > idleProcesses.length;
    const { exitCode } = await runUntil(args, atWork, 'SIGINT');
    expect(exitCode).toBe(130);
    const report = JSON.parse(await read('int.json')) as Report;
    expect(report.results.map(({ reason }) => reason)).toEqual(['Interrupted']);
    expect((await tapResults(await read('int.tap'))).bailout).toMatch(/^interrupted/);
    expect((await netmachinery(['report', at('int.json')])).exitCode).toBe(130);
  });

  it('call what is ignored skipped', async () => {
    const deny = ['a', 'server:1', '--attempts', '1', '--expect', 'deny'];
    const [strict, lenient] = await Promise.all([
      connect(...deny, '--tap-file', at('strict.tap')),
      connect(...deny, '--tap-file', at('lenient.tap'), '--ignore', 'inconclusive'),
    ]);
    expect([strict.exitCode, lenient.exitCode]).toEqual([4, 0]);
    expect(await tapResults(await read('strict.tap'))).toMatchObject({ ok: false, fail: 1 });
    expect(await tapResults(await read('lenient.tap'))).toMatchObject({ ok: true, skip: 1 });
  });

  it('that cannot be written are found before anything is touched', async () => {
    const cases: [string[], string][] = [
      [['--html-file', at('no/such/r.html')], '--html-file: '],
      [['--json-file', '-'], '--json-file takes the name of a file'],
      [['--json-file', at('same'), '--tap-file', at('same')], '--json-file and --tap-file name the same file'],
    ];
    for (const [flags, message] of cases) {
      const run = await connect('untouched', 'server:8080', ...flags);
      expect(run.exitCode).toBe(2);
      expect(run.stdout).toBe('');
      expect(run.stderr).toContain(`error: ${message}`);
      expect(run.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
    }
    expect(Object.keys(await ephemeralContainers(namespace))).not.toContain('untouched');
  });

  it('that cannot be written in the end are said, with exit code 3 and the report on stdout', async () => {
    await mkdir(at('goes'), { recursive: true });
    // The folder goes once the run is under way: the file has been found writable by then.
    const removeUnderWay = async () => {
      const processes = async () => (await processesOnce(namespace, 'b', 'working')).length;
      await expect.poll(processes, { timeout: 30_000, interval: 20 }).toBeGreaterThan(idleProcesses.length);
      await rm(at('goes'), { recursive: true });
    };
    const long = ['--count', '80', '--interval', '100ms', '--json-file', at('goes/r.json')];
    const [run] = await Promise.all([
      netmachinery(['ping', '-n', namespace, 'b', 'server', ...long]),
      removeUnderWay(),
    ]);
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('1 test: 1 pass');
    expect(run.stderr).toMatch(/error: --json-file: ".*\/goes\/r\.json" could not be written: no such folder\n$/);
  });
});

describe('report', () => {
  const formats = ['table', 'wide', 'json', 'yaml', 'csv', 'junit', 'tap', 'html', 'name'];

  it.each<Launcher>(['executable', 'node'])('prints what the run printed, in every format (%s)', async (launcher) => {
    const words = ['ping', '-n', namespace, '-l', 'role=source', '--mode', 'all', 'server', 'no-such-name.example'];
    const run = await netmachinery([...words, ...quick, '--json-file', at(`run-${launcher}.json`)], { launcher });
    expect(run.exitCode, run.stderr).toBe(1);
    const again = await netmachinery(['report', at(`run-${launcher}.json`)], { launcher });
    expect(again).toMatchObject({ stdout: run.stdout, stderr: '', exitCode: 1 });
    const files = await netmachinery(['report', at(`run-${launcher}.json`), ...fileFlags(`again-${launcher}`)], {
      launcher,
    });
    expect(files.exitCode).toBe(1);
    for (const format of formats) {
      const { stdout, exitCode } = await netmachinery(['report', at(`run-${launcher}.json`), '-o', format], {
        launcher,
      });
      expect(exitCode).toBe(1);
      const ending = { json: 'json', junit: 'xml', tap: 'tap', html: 'html' }[format];
      if (ending !== undefined) expect(await read(`again-${launcher}.${ending}`)).toBe(stdout);
    }
    expect(await read(`again-${launcher}.json`)).toBe(await read(`run-${launcher}.json`));
  });

  it('has the exit code of the run, or what the flags make of it', async () => {
    await connect('a', 'server:1', '--attempts', '1', '--json-file', at('failed.json'));
    await connect('a', 'server:1', '--attempts', '1', '--expect', 'deny', '--json-file', at('unsure.json'));
    const code = async (...words: string[]) => (await netmachinery(['report', ...words])).exitCode;
    expect(await code(at('failed.json'))).toBe(1);
    expect(await code(at('failed.json'), '--exit-zero-on-failure')).toBe(0);
    expect(await code(at('unsure.json'))).toBe(4);
    expect(await code(at('unsure.json'), '--ignore', 'inconclusive')).toBe(0);
  });

  it('refuses what is no report in one line, with the place', async () => {
    const write = async (name: string, text: string) => {
      await writeFile(at(name), text);
      return at(name);
    };
    const cut = await write('cut.json', '{\n  "apiVersion": "netmachinery.io/v1",\n  "kind": "Rep');
    const shape = await write('shape.json', '{"apiVersion":"netmachinery.io/v1","kind":"ShapeReport"}');
    const cases: [string[], string][] = [
      [[], 'the file of a report is needed'],
      [[cut], `${cut}:3:11: not JSON`],
      [[shape], 'kind must be Report, and is "ShapeReport" (what shape prints)'],
      [[at('absent.json')], 'cannot be read: no such file'],
      [[folder], 'cannot be read: it is a folder'],
      [[cut, shape], 'unexpected argument'],
      [['--diff', cut], '--diff needs two reports'],
      [['--diff', cut, shape, '-o', 'html'], '--diff has no format html'],
      [['--diff', cut, shape, '--html-file', at('x')], '--diff and --html-file exclude each other'],
      [['--diff', cut, shape, '--slower', '0.5'], 'invalid value "0.5" for --slower'],
    ];
    for (const [words, message] of cases) {
      const run: CliResult = await netmachinery(['report', ...words]);
      expect(run.stderr.split('\n')[0]).toContain(message);
      expect(run.stderr).toMatch(/^error: \S/);
      expect(run.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
      expect(run).toMatchObject({ stdout: '', exitCode: 2 });
    }
  });
});

/** Replaces the pods of a deployment by ones of another template, and waits until the old ones are gone. */
async function replacePods(name: string, template: object): Promise<void> {
  const before = await kubectl(['get', 'pods', '-n', namespace, '-l', `app=${name}`, '-o', 'name']);
  await kubectl(['patch', '-n', namespace, `deploy/${name}`, '-p', JSON.stringify({ spec: { template } })]);
  await kubectl(['rollout', 'status', '-n', namespace, `deploy/${name}`, '--timeout=60s']);
  await kubectl(['wait', '-n', namespace, '--for=delete', ...before.trim().split('\n'), '--timeout=60s']);
}

describe('report --diff', () => {
  it('says what got worse between two runs, across pods that were replaced', async () => {
    const labels = { app: 'web' };
    const { spec } = serverPod('web') as { spec: object };
    const template = { metadata: { labels }, spec };
    const metadata = { name: 'web' };
    await createReady(namespace, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { selector: { matchLabels: labels }, template },
    });
    const run = (file: string, ...words: string[]) =>
      connect('a', 'deploy/web:8080', 'server:8080', ...words, '--attempts', '1', '--json-file', at(file));
    // Times of a busy machine are no matter here.
    const diff = (old: string, next: string, ...flags: string[]) =>
      netmachinery(['report', '--diff', at(old), at(next), '--slower-by', '10s', ...flags]);
    const podOf = async (file: string) => (JSON.parse(await read(file)) as Report).results[0]?.destination.name;

    expect((await run('old.json')).exitCode).toBe(0);
    await replacePods('web', { metadata: { annotations: { changed: 'once' } } });
    expect((await run('same.json')).exitCode).toBe(0);
    expect(await podOf('same.json')).not.toBe(await podOf('old.json'));
    const same = await diff('old.json', 'same.json');
    expect(same.stdout).toContain('2 and 2 tests: 0 worse, 0 better, 0 new, 0 gone, 2 unchanged');
    expect(same).toMatchObject({ exitCode: 0, stderr: '' });

    await replacePods('web', {
      spec: { containers: [{ name: 'main', image: images.toolbox, command: ['sleep', '900'] }] },
    });
    expect((await run('new.json', 'server:8443')).exitCode).toBe(1);
    const worse = await diff('old.json', 'new.json', '-o', 'json');
    expect(worse.exitCode).toBe(1);
    const found = JSON.parse(worse.stdout) as ReportDiff;
    expect(found.summary).toEqual({ worse: 1, better: 0, new: 1, gone: 0, unchanged: 1 });
    expect(found.items[0]).toMatchObject({
      change: 'worse',
      source: `${namespace}/a`,
      destination: 'deploy/web:8080 pod web',
      differences: ['pass → fail (Refused)'],
    });
    expect((await diff('old.json', 'new.json', '--exit-zero-on-failure')).exitCode).toBe(0);
    const back = await diff('new.json', 'old.json');
    expect(back.exitCode).toBe(0);
    expect(back.stdout).toMatch(/^✓ better {3,}tcp .*fail → pass \(Connected\)$/m);
    expect(back.stdout).toMatch(/^- gone {3,}tcp /m);
    expect(back.stdout).toMatch(/^3 and 2 tests: .* 1 gone, 1 unchanged/m);
    expect(back.stderr).toBe(`Warning: 1 of 3 tests of "${at('new.json')}" is gone from "${at('old.json')}"\n`);
  });
});

// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.js';
import { netmachinery, report, type CliResult } from './cli.js';
import { createNamespace, createReady, deleteNamespace } from './kubectl.js';
import { serverPod } from './manifests.js';

let namespace = '';
let words: string[] = [];
const quick = ['--count', '2', '--interval', '20ms'];
const escape = '\u001b[';

beforeAll(async () => {
  namespace = await createNamespace('output');
  const labels = { role: 'source' };
  await createReady(namespace, serverPod('a', { labels }), serverPod('b', { labels }), serverPod('server'));
  words = ['ping', '-n', namespace, 'a', 'server', 'no-such-name.example', ...quick];
  // The tool containers are there from here on, so that stderr has nothing to say.
  await netmachinery(['ping', '-n', namespace, '-l', 'role=source', '--mode', 'all', 'server', ...quick]);
});
afterAll(() => deleteNamespace(namespace));

const print = (...flags: string[]): Promise<CliResult> => netmachinery([...words, ...flags]);
const lines = ({ stdout }: CliResult) => stdout.split('\n');

async function schema(): Promise<object> {
  const file = join(import.meta.dirname, '../../plugins-manifest/schemas/report.v1.json');
  return JSON.parse(await readFile(file, 'utf8')) as object;
}

describe.concurrent('a report', () => {
  it('as a table: a line a test, the source, the summary and each cause below', async () => {
    const result = await print();
    const [header = '', pass = '', fail = '', ...rest] = lines(result);
    expect(header.split(/ {3,}/).slice(0, 4)).toEqual(['DESTINATION', 'ADDRESS/PORT', 'VERDICT', 'REASON']);
    expect(pass).toMatch(/^server {3,}198\.19\.(?:1[6-9]|2\d|3[01])\.\d+ {3,}✓ pass {3,}EchoReply {3,}[\d./]+ {3,}0%$/);
    expect(fail).toMatch(/^no-such-name\.example {3,}✗ fail {3,}NameNotFound/);
    expect(rest.join('\n')).toMatch(
      /^\nsource: .*\/a \(198\.19\.(?:1[6-9]|2\d|3[01])\.\d+\) on node1\n2 tests: 1 pass, 1 fail in [\d.]+ m?s\n/,
    );
    expect(rest.join('\n')).toContain('✗ no-such-name.example: name not found');
    expect(result.stderr).toBe('');
    expect(result.exitCode).toBe(1);
  });

  it('as a matrix, with words beside the symbols, where there are many sources', async () => {
    const matrix = ['-l', 'role=source', '--mode', 'all', 'server', 'node/node1'];
    const result = await netmachinery(['ping', '-n', namespace, ...matrix, ...quick]);
    const [header = '', ...rows] = lines(result);
    expect(header.split(/ {3,}/)).toEqual(['SOURCE', 'server', 'node/node1']);
    expect(rows[0]).toMatch(/^a {3,}✓ pass [\d.]+ ms {3,}✓ pass [\d.]+ ms$/);
    expect(rows[1]).toMatch(/^b {3,}✓ pass/);
    expect(result.stdout).toContain('4 tests: 4 pass in');
    expect(result.exitCode).toBe(0);
  });

  it('as a wide table, with every figure and message', async () => {
    const result = await print('-o', 'wide');
    const [header = '', pass = ''] = lines(result);
    expect(header).toMatch(/^SOURCE .*SOURCE NODE .*SENT .*RECEIVED .*JITTER MS .*MESSAGE$/);
    expect(pass).toContain('2 of 2 echo requests answered');
  });

  it('without a header with --no-headers', async () => {
    for (const format of ['table', 'wide', 'csv']) {
      const [withHeader, without] = await Promise.all([print('-o', format), print('-o', format, '--no-headers')]);
      expect(lines(withHeader)[0]).toMatch(/^(DESTINATION|SOURCE|id,)/);
      expect(lines(without)[0]).toContain('server');
    }
  });

  it('as JSON that its schema describes', async () => {
    const ajv = new Ajv2020({ strict: true, allErrors: true });
    addFormats.default(ajv);
    const validate = ajv.compile(await schema());
    const passing = await report(words);
    expect(validate(passing.report), JSON.stringify(validate.errors)).toBe(true);
    const connect = ['connect', '-n', namespace, 'a', 'server', 'server:1', 'server:8443', 'no-such-name.example:80'];
    const connected = await report([...connect.filter((word) => word !== 'server'), '--tls', '--attempts', '1']);
    expect(validate(connected.report), JSON.stringify(validate.errors)).toBe(true);
    expect(connected.report.results.map(({ reason }) => reason)).toContain('Refused');
    const absent = { ...passing.report, results: [{ ...passing.report.results[0], verdict: 'perhaps' }] };
    expect(validate(absent)).toBe(false);
  });

  it('as YAML that says the same as the JSON', async () => {
    const result = await print('-o', 'yaml');
    const found = load(result.stdout) as Report;
    expect(found).toMatchObject({ apiVersion: 'netmachinery.io/v1', kind: 'Report', summary: { pass: 1, fail: 1 } });
    expect(found.results.map(({ reason }) => reason)).toEqual(['EchoReply', 'NameNotFound']);
  });

  it('as CSV with as many fields in every line', async () => {
    const { stdout } = await print('-o', 'csv');
    const [header = '', ...rows] = stdout.split('\r\n').slice(0, -1);
    expect(rows).toHaveLength(2);
    expect(new Set([header, ...rows].map((row) => row.split(',').length)).size).toBe(1);
    expect(rows[0]).toMatch(/^r1,icmp,\d{4}-.*,server,/);
  });

  it('as names of the sources, for xargs', async () => {
    const all = ['ping', '-n', namespace, '-l', 'role=source', '--mode', 'all', 'server', ...quick, '-o', 'name'];
    expect((await netmachinery(all)).stdout).toBe('pod/a\npod/b\n');
  });

  it('has colours only where they are wanted', async () => {
    expect((await print()).stdout).not.toContain(escape);
    expect((await print('--color', 'always')).stdout).toContain(escape);
    expect((await print('--color', 'always', '-o', 'json')).stdout).not.toContain(escape);
  });
});

describe.concurrent('the exit code', () => {
  it.each([
    [['server'], 0],
    [['no-such-name.example'], 1],
    [['no-such-name.example', '--exit-zero-on-failure'], 0],
    [['server', '--expect', 'deny', '--exit-zero-on-failure'], 0],
    [['server', '--expect', 'deny'], 1],
    [['no-such-name.example', '--expect', 'deny'], 4],
    [['no-such-name.example', '--expect', 'deny', '--ignore', 'inconclusive'], 0],
    [['no-such-name.example', '--expect', 'deny', '--ignore', 'unsupported'], 4],
    [['server', '--image', 'docker.io/netmachinery-test/absent:1', '--exit-zero-on-failure'], 3],
    [['nobody'], 2],
  ])('of %j is %i', async (flags, code) => {
    const { exitCode, stdout, stderr } = await netmachinery(['ping', '-n', namespace, 'a', ...flags, ...quick]);
    expect(exitCode, stdout + stderr).toBe(code);
  });
});

// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Suite } from '../../src/suites/suite.js';
import { launchers, netmachinery } from './cli.js';

const root = join(import.meta.dirname, '../..');
const examples = ['network-test', 'networkmachinery', 'netassert', 'nethax'].map((name) => join('examples', name));
const broken = join('test', 'unit', 'suites', 'broken');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'validate-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** `validate` without any way to reach a cluster: it must not need one. */
function validate(...args: string[]) {
  const env = { KUBECONFIG: join(folder, 'none'), KUBERNETES_SERVICE_HOST: undefined, HOME: folder };
  return netmachinery(['validate', ...args], { cwd: root, env });
}

const filesOf = (names: readonly string[]) => names.flatMap((name) => ['-f', name]);

describe('what is taken', () => {
  it('says what each example was taken for', async () => {
    const { exitCode, stdout, stderr } = await validate(...filesOf(examples));
    expect(exitCode, stderr).toBe(0);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/));
    expect(rows[0]).toEqual(['FILE', 'FORMAT', 'NAME', 'TESTS']);
    expect(rows).toContainEqual(['examples/network-test/shop.yaml', 'NetworkTest', 'shop', '5']);
    expect(rows).toContainEqual([
      'examples/networkmachinery/connectivity.yaml',
      'NetworkConnectivityTest',
      'layer-4',
      '3',
    ]);
    expect(rows).toContainEqual(['examples/netassert/bank.yaml', 'netassert tests', 'bank', '3']);
    expect(rows).toContainEqual(['examples/nethax/shop.yaml', 'nethax plan', 'shop', '4']);
    expect(stderr).toMatch(
      /^Warning: examples\/networkmachinery\/connectivity\.yaml:\d+:\d+: spec\.source\.kind: ignored/m,
    );
  });

  it('folders below with -R, as in kubectl', async () => {
    const [flat, below] = await Promise.all([validate('-f', 'examples'), validate('-R', '-f', 'examples')]);
    expect(flat).toMatchObject({ exitCode: 2, stdout: '' });
    expect(flat.stderr).toMatch(/^hint: its subfolders have some \(examples\/netassert, .*: add -R$/m);
    expect(below.exitCode, below.stderr).toBe(0);
    for (const folderName of examples) expect(below.stdout).toContain(`${folderName}/`);
  });

  it('-o wide, json, yaml and name have the tests as they are understood', async () => {
    const [wide, json, yaml, name] = await Promise.all(
      ['wide', 'json', 'yaml', 'name'].map((format) => validate('-f', 'examples/network-test/shop.yaml', '-o', format)),
    );
    expect(wide?.stdout).toMatch(
      /^shop +nobody reaches the port that is shut +deploy\/web +one +pod\/dropper:9995 +connect +deny/m,
    );
    const list = JSON.parse(json?.stdout ?? '') as { kind: string; suites: Suite[] };
    expect(list.kind).toBe('SuiteList');
    expect(list.suites[0]?.tests[0]).toMatchObject({ place: 'examples/network-test/shop.yaml:15:7', retries: 1 });
    expect(load(yaml?.stdout ?? '')).toEqual(list);
    expect(name?.stdout.split('\n')[0]).toBe('shop/web answers at its Service and at each of its pods');
  });

  it('variables come from --set and, where the file says so, from the environment', async () => {
    const args = ['-f', 'examples/network-test/shop.yaml', '-o', 'json'];
    const { stdout } = await netmachinery(['validate', ...args, '--set', 'port=81'], {
      cwd: root,
      env: { SHOP_DATABASE: 'bank/pod/db-0', port: '82' },
    });
    const { suites } = JSON.parse(stdout) as { suites: Suite[] };
    const words = suites[0]?.tests.map(({ destinations }) => destinations[0]?.text);
    expect(words?.[0]).toBe('svc/web:81');
    expect(words?.[2]).toBe('bank/pod/db-0:5432');
  });

  it('standard input', async () => {
    const [command] = launchers.executable;
    const child = spawn(command, ['validate', '-f', '-', '-o', 'name'], { stdio: ['pipe', 'pipe', 'inherit'] });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stdin.end(
      '- {name: a, type: k8s, targetPort: 1, src: {k8sResource: {kind: pod, name: a, namespace: b}}, dst: {host: {name: c}}}',
    );
    await new Promise((resolve) => child.on('close', resolve));
    expect(stdout).toBe('standard input/a\n');
  });
});

describe('what is refused', () => {
  it('a folder of broken files: everything, with its place', async () => {
    const { exitCode, stdout, stderr } = await validate('-f', broken);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: \d{3} things are wrong with the manifests$/m);
    expect(stderr).toContain(
      `${broken}/unknown-fields.yaml:10:7: spec.tests[0]: unknown field "too" (did you mean to?)\n`,
    );
    expect(stderr.split('\n').filter((line) => /\.yaml:\d+:\d+: /.test(line)).length).toBeGreaterThan(140);
  });

  it('one mistake is one line and a hint', async () => {
    const file = join(folder, 'kind.yaml');
    await writeFile(file, 'apiVersion: netmachinery.io/v1\nkind: NetworkTst\n');
    const { exitCode, stderr } = await validate('-f', file);
    expect(exitCode).toBe(2);
    expect(stderr).toBe(`error: ${file}:2:1: kind: "NetworkTst" is not taken\nhint: did you mean NetworkTest?\n`);
  });

  it.each([
    [[], /^error: no file was given\nhint: kubectl netmachinery validate -f FILE\n$/],
    [['tests/'], /^error: unexpected argument: tests\/\nhint: kubectl netmachinery validate -f tests\/\n$/],
    [['-f', 'https://x.example/a.yaml'], /curl https:\/\/x\.example\/a\.yaml \| kubectl netmachinery validate -f -/],
    [['-f', 'examples'], /no \*\.yaml, \*\.yml or \*\.json is in this directory/],
    [['-f', 'examples/netassert', '--set', 'x=1'], /--set x: no file declares this variable/],
    [['-f', 'examples/netassert', '--set', 'x'], /invalid value "x" for --set/],
  ] as [string[], RegExp][])('%j', async (args, expected) => {
    const { exitCode, stdout, stderr } = await validate(...args);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(expected);
  });
});

// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { netmachinery, report } from './cli.js';
import { createNamespace, createReady, deleteNamespace, getPod, kubectl } from './kubectl.js';
import { filteredPod, readySlices, serverPod, service } from './manifests.js';
import { hintsOf } from './results.js';

const secret = 's3cr3t-of-the-shop';
const backend = { labels: { app: 'backend' } };
const names = ['one', 'two'];

let namespace: string;
let folder: string;
const ips = new Map<string, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netmachinery-http-'));
  namespace = await createNamespace('http');
  await createReady(
    namespace,
    serverPod('client'),
    serverPod('other'),
    ...names.map((name) => serverPod(name, backend)),
    filteredPod('filtered', 'input', ['tcp dport 9999 drop', 'tcp dport 9995 reject with tcp reset']),
  );
  const other = (await getPod(namespace, 'other')).status?.podIP ?? '';
  const rules = [`ip saddr ${other} tcp dport 8080 accept`, 'tcp dport 8080 drop'];
  await createReady(namespace, filteredPod('guarded', 'input', rules));
  const ports = [
    { name: 'http', port: 80, targetPort: 'http' },
    { name: 'https', port: 443, targetPort: 'https' },
  ];
  const object = service('backend', { selector: { app: 'backend' }, ports });
  await kubectl(['create', '-n', namespace, '-f', '-'], JSON.stringify(object));
  await readySlices(namespace, 'backend', 2);
  for (const name of names) ips.set(name, (await getPod(namespace, name)).status?.podIP ?? '');
});

afterAll(async () => {
  await rm(folder, { recursive: true });
  await deleteNamespace(namespace);
});

const http = (...args: string[]) => report(['http', '-n', namespace, ...args]);

describe('a URL', () => {
  it('is asked for as an application in the pod would', async () => {
    const { report: found, exitCode } = await http(
      'client',
      'http://backend/hello?x=1',
      '--expect-body',
      'path=/hello ',
    );
    expect(exitCode).toBe(0);
    const [result] = found.results;
    expect(result).toMatchObject({
      probe: 'http',
      reason: 'Responded',
      attempts: 1,
      destination: { ref: 'http://backend/hello?x=1', kind: 'host', name: 'backend', port: 80 },
      http: { url: 'http://backend/hello?x=1', method: 'GET', status: 200, version: '1.1' },
    });
    expect(result?.destination.address).toMatch(/^198\.18\./);
    const { nameMs = 0, connectMs = 0, firstByteMs = 0, totalMs = 0 } = result?.http?.phases ?? {};
    expect(nameMs).toBeGreaterThan(0);
    expect([nameMs, connectMs, firstByteMs, totalMs]).toEqual(
      [nameMs, connectMs, firstByteMs, totalMs].sort((a, b) => a - b),
    );
  });

  it('is asked of each endpoint of its Service as well', async () => {
    const url = `http://backend.${namespace}.svc.cluster.local/`;
    const { report: found, exitCode } = await http('client', url, 'http://outside.example:81/', '--each-endpoint');
    expect(exitCode).toBe(1);
    const [host, ...behind] = found.results.filter(({ destination }) => destination.ref === url);
    expect(host?.destination.kind).toBe('host');
    expect(behind.map(({ destination: { name, address, port } }) => [name, address, port])).toEqual(
      names.map((name) => [name, ips.get(name), 8080]),
    );
    expect(found.summary).toMatchObject({ total: 4, pass: 3, fail: 1 });
    expect(found.warnings.join()).toContain('http://outside.example:81/: its host is not the DNS name of a Service');
  });

  it('fails in its own words', async () => {
    const { report: found, exitCode } = await http(
      'client',
      ...['http://nosuch.example/', 'http://outside.example:81/', 'http://backend:443/', 'https://backend:80/'],
      ...['http://198.18.9.9/', '--connect-timeout', '1s'],
    );
    expect(exitCode).toBe(1);
    expect(found.results.map(({ reason }) => reason)).toEqual([
      'NameNotFound',
      'Refused',
      'UnexpectedStatus',
      'TlsFailed',
      'TimedOut',
    ]);
    expect(found.results[1]?.destination.address).toBe('198.18.100.1');
    expect(found.results[2]).toMatchObject({ message: 'status 400', http: { status: 400 } });
    expect(hintsOf(found, found.results[3]).join()).toContain('--insecure');
  });

  it('is of the family that was asked for', async () => {
    const { report: found } = await http('client', 'http://backend/', '--ip-families', 'both');
    expect(found.results.map(({ destination }) => destination.address.includes(':'))).toEqual([false, true]);
    expect(found.summary.pass).toBe(2);
  });
});

describe('a Service', () => {
  it('is its virtual address and each endpoint, asked by its DNS name', async () => {
    const { report: found, exitCode } = await http('client', 'svc/backend:80', '--path', '/a', '--attempts', '2');
    expect(exitCode).toBe(0);
    expect(found.results.map(({ destination: { kind, port } }) => [kind, port])).toEqual([
      ['service', 80],
      ['endpoint', 8080],
      ['endpoint', 8080],
    ]);
    for (const result of found.results) {
      expect(result.http?.url).toBe(`http://backend.${namespace}.svc/a`);
      expect(result.attemptResults).toHaveLength(2);
    }
    const bodies = await Promise.all(
      names.map((name) => http('client', 'svc/backend:80', '--expect-body', `/pod=${name} /`)),
    );
    for (const [place, run] of bodies.entries()) {
      const behind = run.report.results.filter(({ destination }) => destination.kind === 'endpoint');
      const passed = behind.filter(({ verdict }) => verdict === 'pass').map(({ destination }) => destination.name);
      expect(passed).toEqual([names[place]]);
    }
  });

  it('shows its certificate, which nobody trusts', async () => {
    const { report: found, exitCode } = await http('client', 'svc/backend:https', '--tls');
    expect(exitCode).toBe(1);
    for (const { reason, tls, destination } of found.results) {
      expect(reason).toBe('TlsFailed');
      expect(tls?.error).toContain('self-signed');
      if (destination.kind === 'endpoint') expect(tls?.subject).toBe(`CN=${destination.name}`);
      expect(tls?.notAfter).toMatch(/^\d{4}-/);
    }
    const insecure = await http('client', 'svc/backend:https', '--tls', '--insecure', '--http2');
    expect(insecure.exitCode).toBe(0);
    for (const { http: answer, tls } of insecure.report.results) {
      expect(answer).toMatchObject({ status: 200, version: '2' });
      expect(answer?.phases?.tlsMs).toBeGreaterThan(0);
      expect(tls).toMatchObject({ error: 'certificate not trusted: self-signed certificate' });
      expect(tls?.handshakeMs).toBeGreaterThan(0);
    }
  });
});

it('sends headers and a body, and shows none of it', async () => {
  const file = join(folder, 'body');
  await writeFile(file, Buffer.from(Array.from({ length: 100_000 }, (_, byte) => byte % 256)));
  const args = ['http', '-n', namespace, 'client', 'http://backend/in', '-H', `Authorization: Bearer ${secret}`];
  const { report: found, stdout, stderr, exitCode } = await report([...args, '--body-file', file, '-v', '9']);
  expect(exitCode).toBe(0);
  expect(found.results[0]?.http).toMatchObject({ method: 'POST', status: 200 });
  expect(stdout + stderr).not.toContain(secret);
  const wide = await netmachinery([...args, '-o', 'wide', '--expect-status', '404']);
  expect(wide.stdout).toContain('UnexpectedStatus');
  expect(wide.stdout + wide.stderr).not.toContain(secret);
});

it('judges the status as it is told', async () => {
  const reasonOf = async (...args: string[]) => {
    const { report: found, exitCode } = await http('client', 'http://backend:443/', ...args);
    return [exitCode, found.results[0]?.reason];
  };
  expect(await reasonOf()).toEqual([1, 'UnexpectedStatus']);
  expect(await reasonOf('--expect-status', '4xx')).toEqual([0, 'Responded']);
  expect(await reasonOf('--expect-status', '400', '--expect-body', 'HTTPS server')).toEqual([0, 'Responded']);
  expect(await reasonOf('--expect-status', '400', '--expect-body', '/^nothing/')).toEqual([1, 'UnexpectedBody']);
});

it('proves a deny with a control, and fails it for any answer', async () => {
  const { report: found, exitCode } = await http(
    ...['client', 'pod/guarded:8080', '--expect', 'deny', '--control', 'other', '--connect-timeout', '1s'],
  );
  expect(exitCode).toBe(0);
  expect(found.results[0]).toMatchObject({ verdict: 'pass', reason: 'TimedOut', control: { reached: true } });
  const answered = await http('client', 'http://backend:443/', '--expect', 'deny');
  expect(answered.report.results[0]).toMatchObject({ verdict: 'fail', reason: 'UnexpectedStatus' });
});

it('works without an exec, too, but for what must not stay in a pod', async () => {
  const { report: found, exitCode } = await http('other', 'http://backend/', '--no-exec');
  expect(exitCode).toBe(0);
  expect(found.results[0]?.reason).toBe('Responded');
  const refused = await netmachinery([
    'http',
    '-n',
    namespace,
    'other',
    'http://backend/',
    '--no-exec',
    '-H',
    `X: ${secret}`,
  ]);
  expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--header') as string });
  expect(refused.stderr).not.toContain(secret);
});

it('shows status and time in its table', async () => {
  const { stdout } = await netmachinery(['http', '-n', namespace, 'client', 'svc/backend:80']);
  expect(stdout).toMatch(
    /^DESTINATION +ADDRESS\/PORT +VERDICT +REASON +TOTAL +REACHED +STATUS +NAME\/CONNECT\/TLS\/FIRST BYTE/,
  );
  expect(stdout).toMatch(/svc\/backend:80 .*✓ pass +Responded +\S+ ms +1\/1 +200 HTTP\/1\.1/);
});

it.each([
  [['client', 'http://user:secret@backend/'], 'user or password'],
  [['client', 'http://backend/', '--path', '/x'], '--path is for DST:PORT'],
  [['client', 'http://backend/', '-H', 'no colon'], 'a header has no colon'],
  [['client', 'http://backend/', '-H', 'a b: c'], 'not the name of a header'],
  [['client', 'http://backend/', '--expect-status', 'ok'], 'not an HTTP status'],
  [['client', 'http://backend/', '--body-file', '/nowhere'], 'the body cannot be read'],
  [['client', 'http://backend/', '--method', 'G ET'], 'not an HTTP method'],
  [['client'], 'did you mean: http client URL|DST:PORT?'],
])('refuses %j', async (words, message) => {
  const { exitCode, stderr } = await netmachinery(['http', '-n', namespace, ...words]);
  expect(stderr).toContain(message);
  expect(exitCode).toBe(2);
});

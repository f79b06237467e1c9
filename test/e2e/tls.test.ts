// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, expect, it } from 'vitest';
import { netmachinery, report } from './cli.js';
import { createNamespace, createReady, deleteNamespace, kubectl } from './kubectl.js';
import { serverPod } from './manifests.js';
import { hintsOf, resultOf } from './results.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

let namespace: string;

beforeAll(async () => {
  namespace = await createNamespace('tls');
  await createReady(namespace, serverPod('client'), serverPod('server'));
});

afterAll(() => deleteNamespace(namespace));

it('shakes hands, looks at the certificate and says that nobody trusts it', async () => {
  const run = await report(['connect', '-n', namespace, 'client', 'pod/server:8443', '--tls', '--ip-families', 'both']);
  expect(run.exitCode).toBe(0);
  expect(run.report.results).toHaveLength(2);
  // The server's certificate is made when it starts, one hour in the past, and is valid for a year of the calendar.
  const started = await kubectl(['get', 'pod', '-n', namespace, 'server', '-o', 'jsonpath={.status.startTime}']);
  const expiry = new Date(Date.parse(started) - hourMs);
  expiry.setUTCFullYear(expiry.getUTCFullYear() + 1);
  for (const { verdict, reason, tls, rttMs } of run.report.results) {
    expect({ verdict, reason }).toEqual({ verdict: 'pass', reason: 'Connected' });
    expect(tls?.subject).toBe('CN=server');
    expect(tls?.issuer).toBe('CN=server');
    expect(tls?.error).toMatch(/not trusted.*self-signed/);
    expect(Math.abs(Date.parse(tls?.notAfter ?? '') - expiry.getTime())).toBeLessThan(2 * minuteMs);
    expect(rttMs?.min).toBeGreaterThan(0);
    expect(tls?.handshakeMs).toBeGreaterThan(0);
    expect(tls?.handshakeMs).toBeLessThan(2000);
  }
});

it('fails on a port that is open and speaks no TLS, and adds nothing to one that is closed', async () => {
  const run = await report(['connect', '-n', namespace, 'client', 'pod/server:8080,81,8443', '--tls']);
  expect(run.exitCode).toBe(1);
  const plain = resultOf(run.report, { port: 8080 });
  expect(plain).toMatchObject({ verdict: 'fail', reason: 'TlsFailed', attempts: 3 });
  expect(plain.message).toMatch(/^connected, but no TLS: .*not a TLS port/);
  expect(plain.tls?.handshakeMs).toBeUndefined();
  expect(hintsOf(run.report, plain).join()).not.toContain('NetworkPolicies');
  const closed = resultOf(run.report, { port: 81 });
  expect(closed.reason).toBe('Refused');
  expect(closed.tls).toBeUndefined();
  expect(resultOf(run.report, { port: 8443 }).verdict).toBe('pass');
});

it('ends with the connect timeout on a port that accepts and then says nothing', async () => {
  const run = await report([
    'connect',
    '-n',
    namespace,
    'client',
    'pod/server:5432',
    '--tls',
    '--connect-timeout',
    '1s',
  ]);
  expect(run.exitCode).toBe(1);
  expect(run.report.results[0]?.reason).toBe('TlsFailed');
});

it('shows the handshake in the wide table', async () => {
  const { stdout, exitCode } = await netmachinery([
    'connect',
    '-n',
    namespace,
    'client',
    'pod/server:8443',
    '--tls',
    '-o',
    'wide',
  ]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/CN=server/);
  expect(stdout).toMatch(/not trusted/);
});

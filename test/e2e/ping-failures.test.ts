// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { podGateway } from '../cluster/addresses.js';
import type { Result } from '../../src/model/report.js';
import { report } from './cli.js';
import { createNamespace, createReady, deleteNamespace, kubectl, podManifest } from './kubectl.js';
import { filteredPod, prepared, serverPod, service } from './manifests.js';
import { hintsOf, resultOf } from './results.js';

let namespace = '';
const interval = ['--interval', '20ms'];
const quick = [...interval, '--count', '2'];
/** Echo requests are answered twice: a copy of each reply takes the way over the node. */
const duplicating = `nft '
table ip test {
  chain output {
    type filter hook output priority filter
    icmp type echo-reply dup to ${podGateway} device "eth0"
  }
}'`;

beforeAll(async () => {
  namespace = await createNamespace('ping-failures');
  const reject = 'reject with icmpx admin-prohibited';
  await createReady(
    namespace,
    serverPod('source'),
    // It answers itself alone.
    filteredPod('silent', 'input', ['iifname "eth0" icmp type echo-request drop']),
    filteredPod('lossy', 'input', ['icmp type echo-request numgen inc mod 2 == 0 drop']),
    filteredPod('prohibiting', 'input', [`icmp type echo-request ${reject}`, `icmpv6 type echo-request ${reject}`]),
    podManifest('duplicating', { spec: prepared(duplicating) }),
    service('nobody', { selector: { app: 'nobody' }, ports: [{ port: 80 }] }),
  );
  const pending = podManifest('pending', { spec: { nodeSelector: { 'netmachinery.test/no-node-has-this': 'true' } } });
  await kubectl(['create', '-n', namespace, '-f', '-'], JSON.stringify(pending));
});
afterAll(() => deleteNamespace(namespace));

interface Found {
  exitCode: number | null;
  result: Result;
  hints: string[];
}

/** Pings one destination from the pod `source`, twice unless the flags say how often. */
async function ping(destination: string, ...flags: string[]): Promise<Found> {
  const pace = flags.includes('--count') ? interval : quick;
  const { exitCode, report: found } = await report(['ping', '-n', namespace, 'source', destination, ...pace, ...flags]);
  const result = resultOf(found, { ref: destination });
  return { exitCode, result, hints: hintsOf(found, result) };
}

describe.concurrent('ping says what the network said', () => {
  it('host unreachable, by the source itself when nobody has the address', async () => {
    const { exitCode, result, hints } = await ping('2001:2:0:1901::ffff:1');
    expect(result).toMatchObject({
      verdict: 'fail',
      reason: 'HostUnreachable',
      sent: 2,
      received: 0,
      lossPercent: 100,
    });
    expect(result.from).toBe(result.source.ip);
    expect(hints).toEqual([expect.stringContaining('host unreachable')]);
    expect(exitCode).toBe(1);
  });

  it('host unreachable, by a router, even when the echoes used up its ICMP errors', async () => {
    const { exitCode, result } = await ping('198.19.9.9', '--count', '6');
    expect(result).toMatchObject({ verdict: 'fail', reason: 'HostUnreachable', from: podGateway, sent: 6 });
    expect(exitCode).toBe(1);
  });

  it('network unreachable over IPv6', async () => {
    const { exitCode, result } = await ping('2001:2:0:19ff::1');
    expect(result).toMatchObject({ verdict: 'fail', reason: 'NetworkUnreachable', from: '2001:2:0:1901::1' });
    expect(exitCode).toBe(1);
  });

  it('admin prohibited, in both families', async () => {
    const { exitCode, report: found } = await report([
      ...['ping', '-n', namespace, 'source', 'prohibiting', '--ip-families', 'both', ...quick],
    ]);
    expect(found.results.map(({ reason, verdict, from }) => [reason, verdict, from])).toEqual(
      found.results.map(({ destination }) => ['Prohibited', 'fail', destination.address]),
    );
    expect(found.summary).toMatchObject({ total: 2, fail: 2 });
    expect(exitCode).toBe(1);
  });

  it('nothing: no reply', async () => {
    const { exitCode, result, hints } = await ping('silent', '--connect-timeout', '1s');
    expect(result).toMatchObject({ verdict: 'fail', reason: 'NoReply', sent: 2, received: 0 });
    expect(result).not.toHaveProperty('rttMs');
    expect(hints).toEqual([expect.stringContaining('no reply')]);
    expect(exitCode).toBe(1);
  });

  it('a name that does not exist', async () => {
    const { exitCode, result } = await ping('no-such-name.example');
    expect(result).toMatchObject({ verdict: 'fail', reason: 'NameNotFound', attempts: 0 });
    expect(result).not.toHaveProperty('sent');
    expect(exitCode).toBe(1);
  });

  it('a Service without endpoints, with what its selector finds', async () => {
    const { exitCode, report: found } = await report(['ping', '-n', namespace, 'source', 'svc/nobody', ...quick]);
    const [result] = found.results;
    expect(result).toMatchObject({ verdict: 'fail', reason: 'NoEndpoints' });
    expect(found.hints.map(({ text }) => text).join()).toContain('app=nobody');
    expect(exitCode).toBe(1);
  });

  it('a pod without an address', async () => {
    const { exitCode, result } = await ping('pending');
    expect(result).toMatchObject({ verdict: 'fail', reason: 'NoAddress', attempts: 0 });
    expect(result.message).toContain('Pending');
    expect(exitCode).toBe(1);
  });

  // In turn: they share the pod's alternation.
  it('half of the echoes are lost, which --max-loss may allow', async () => {
    const strict = await ping('lossy', '--count', '4', '--connect-timeout', '500ms');
    expect(strict.result).toMatchObject({
      reason: 'PacketLoss',
      verdict: 'fail',
      sent: 4,
      received: 2,
      lossPercent: 50,
    });
    expect(strict.result.message).toContain('2 of 4');
    expect(strict.exitCode).toBe(1);
    const lenient = await ping('lossy', '--count', '4', '--connect-timeout', '500ms', '--max-loss', '50%');
    expect(lenient.result).toMatchObject({ reason: 'PacketLoss', verdict: 'pass', lossPercent: 50 });
    expect(lenient.exitCode).toBe(0);
    const below = await ping('lossy', '--count', '4', '--connect-timeout', '500ms', '--max-loss', '49.9');
    expect(below.exitCode).toBe(1);
  });

  it('duplicates are counted, and are no loss', async () => {
    const { exitCode, result } = await ping('duplicating', '--count', '3');
    expect(result).toMatchObject({ reason: 'EchoReply', verdict: 'pass', sent: 3, received: 3, duplicates: 3 });
    expect(exitCode).toBe(0);
  });

  it('deny passes only where another source gets through', async () => {
    const deny = ['--expect', 'deny', '--connect-timeout', '500ms'];
    const without = await ping('silent', ...deny);
    expect(without.result).toMatchObject({ verdict: 'inconclusive', reason: 'NoPositiveControl' });
    expect(without.exitCode).toBe(4);
    const reached = await ping('duplicating', ...deny);
    expect(reached.result).toMatchObject({ verdict: 'fail', reason: 'EchoReply', expect: 'deny' });
    expect(reached.exitCode).toBe(1);
    const controlled = await ping('silent', ...deny, '--control', 'destination');
    expect(controlled.result).toMatchObject({
      verdict: 'pass',
      reason: 'NoReply',
      control: { source: `${namespace}/silent`, reached: true },
    });
    expect(controlled.exitCode).toBe(0);
  });
});

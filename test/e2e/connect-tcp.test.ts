// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { netmachinery, report } from './cli.js';
import { createNamespace, createReady, deleteNamespace, getPod, podManifest } from './kubectl.js';
import { filteredPod, prepared, serverPod } from './manifests.js';
import { hintsOf, resultOf } from './results.js';

const silentPorts = Array.from({ length: 30 }, (_, index) => 20_001 + index);
const onlySyn = 'tcp flags & (syn | ack) == syn';

let namespace: string;
const ips = new Map<string, readonly [string, string]>();

beforeAll(async () => {
  namespace = await createNamespace('connect-tcp');
  await createReady(
    namespace,
    serverPod('client'),
    serverPod('server'),
    filteredPod('filtered', 'input', [
      'tcp dport 9999 drop',
      'tcp dport 9997 reject with icmpx type admin-prohibited',
      'tcp dport 9996 reject with icmpx type host-unreachable',
      'tcp dport 9995 reject with tcp reset',
      `tcp dport 8443 ${onlySyn} numgen inc mod 2 0 drop`,
      'tcp dport 20001-20030 drop',
    ]),
    podManifest('routeless', {
      spec: prepared(
        [
          'for family in -4 -6; do ip $family route del default; done',
          'ip route add prohibit 198.18.99.0/24',
          'ip route add unreachable 198.18.98.0/24',
          'ip address add 198.18.96.1/24 dev eth0',
          'ip address add 2001:2:0:fffe::1/64 dev eth0 nodad',
        ].join('; '),
      ),
    }),
  );
  for (const name of ['server', 'filtered']) {
    const [four = '', six = ''] = ((await getPod(namespace, name)).status?.podIPs ?? []).map(({ ip }) => ip);
    ips.set(name, [four, six]);
  }
});

afterAll(() => deleteNamespace(namespace));

const connect = (...args: string[]) => report(['connect', '-n', namespace, ...args]);

describe('an open port', () => {
  it('is connected to as often as was asked, in plausible times', async () => {
    const { report: found, exitCode } = await connect('client', 'pod/server:8080', '--attempts', '7');
    const [result] = found.results;
    expect(exitCode).toBe(0);
    expect(found.summary).toMatchObject({ total: 1, pass: 1 });
    expect(result).toMatchObject({ probe: 'tcp', verdict: 'pass', reason: 'Connected', attempts: 7 });
    expect(result?.source).toMatchObject({ namespace, pod: 'client', node: 'node1' });
    expect(result?.destination).toMatchObject({
      ref: 'pod/server:8080',
      kind: 'pod',
      name: 'server',
      address: ips.get('server')?.[0],
      port: 8080,
      protocol: 'tcp',
      node: 'node1',
    });
    const times = result?.attemptResults?.map(({ ms }) => ms ?? Number.NaN) ?? [];
    expect(times).toHaveLength(7);
    // A bridge on one machine: more than nothing, and far from what forking a program an attempt would add to all of them.
    expect(Math.min(...times)).toBeGreaterThan(0.005);
    expect(Math.min(...times)).toBeLessThan(2);
    expect(result?.rttMs?.min).toBeCloseTo(Math.min(...times), 3);
    expect(result?.rttMs?.max).toBeCloseTo(Math.max(...times), 3);
  });

  it('is as near as ping says', async () => {
    const [tcp, icmp] = await Promise.all([
      connect('client', 'pod/server:8080', '--attempts', '10'),
      report(['ping', '-n', namespace, 'client', 'pod/server', '--count', '10', '--interval', '20ms']),
    ]);
    const [connected, echoed] = [tcp, icmp].map((run) => run.report.results[0]?.rttMs?.min ?? Number.NaN);
    expect(Math.abs((connected ?? Number.NaN) - (echoed ?? Number.NaN))).toBeLessThan(2);
  });

  it('is reached over both families when both are asked for, and over the first without asking', async () => {
    const [both, six, unasked] = await Promise.all([
      connect('client', 'pod/server:8080', '--ip-families', 'both'),
      connect('client', 'pod/server:8080', '--ip-families', 'ipv6'),
      connect('client', 'pod/server:8080'),
    ]);
    const addresses = (run: typeof both) => run.report.results.map(({ destination }) => destination.address);
    expect(addresses(both)).toEqual(ips.get('server'));
    expect(both.report.summary.pass).toBe(2);
    expect(addresses(six)).toEqual([ips.get('server')?.[1]]);
    expect(six.report.results[0]).toMatchObject({
      verdict: 'pass',
      source: { ip: expect.stringContaining(':') as string },
    });
    expect(addresses(unasked)).toEqual([ips.get('server')?.[0]]);
  });

  it('is reached as an address literal of either family', async () => {
    const [four = '', six = ''] = ips.get('server') ?? [];
    const { report: found, exitCode } = await connect('client', `${four}:8080`, `[${six}]:8080`, `tcp://${four}:8443`);
    expect(exitCode).toBe(0);
    expect(found.results.map(({ destination }) => [destination.kind, destination.address, destination.port])).toEqual([
      ['ip', four, 8080],
      ['ip', six, 8080],
      ['ip', four, 8443],
    ]);
  });

  it('goes by its name too', async () => {
    const { report: found, exitCode } = await connect('client', 'pod/server:https');
    expect(exitCode).toBe(0);
    expect(resultOf(found, { port: 8443 }).verdict).toBe('pass');
  });

  it('is told from the closed one of a list, each by the part of the word that names it', async () => {
    const { report: found, exitCode } = await connect('client', 'pod/server:8080,https,81');
    expect(exitCode).toBe(1);
    const brief = found.results.map(({ destination, reason }) => `${destination.ref} ${reason}`).sort();
    expect(brief).toEqual(['pod/server:8080 Connected', 'pod/server:81 Refused', 'pod/server:https Connected']);
  });
});

describe('a port that cannot be reached', () => {
  it('is refused or dropped, in its own words', async () => {
    const run = await connect(
      'client',
      'pod/filtered:81,9995,9999',
      '--connect-timeout',
      '1s',
      '--ip-families',
      'both',
    );
    expect(run.exitCode).toBe(1);
    expect(run.report.summary).toMatchObject({ total: 6, fail: 6 });
    for (const address of ips.get('filtered') ?? []) {
      const at = (port: number) => resultOf(run.report, { address, port });
      expect(at(81).reason).toBe('Refused');
      expect(at(9995).reason).toBe('Refused');
      expect(at(9999).reason).toBe('TimedOut');
      expect(at(9999).message).toContain('1000 ms');
      expect(at(9999).rttMs).toBeUndefined();
      expect(at(9999).attemptResults).toHaveLength(3);
      // An attempt that a busy processor let begin late has less time, but no less than half of it.
      const waited = at(9999).attemptResults?.map(({ ms }) => ms ?? Number.NaN) ?? [];
      expect(Math.max(...waited)).toBeGreaterThanOrEqual(1000);
      expect(Math.min(...waited)).toBeGreaterThanOrEqual(500);
      expect(hintsOf(run.report, at(9999))).toEqual([expect.stringMatching(/^timed out: /)]);
      expect(hintsOf(run.report, at(81))).toEqual([expect.stringMatching(/^refused: /)]);
    }
  });

  it('is rejected, in the words of its family', async () => {
    // One attempt each: Linux sends few ICMP errors a second, and the ones it leaves out come with a retransmission.
    const run = await connect('client', 'pod/filtered:9997,9996', '--attempts', '1', '--ip-families', 'both');
    expect(run.exitCode).toBe(1);
    const [four = '', six = ''] = ips.get('filtered') ?? [];
    const reasonAt = (address: string, port: number) => resultOf(run.report, { address, port }).reason;
    expect(reasonAt(four, 9996)).toBe('HostUnreachable');
    expect(reasonAt(six, 9996)).toBe('HostUnreachable');
    // An IPv4 socket hears "no route to host" of every such ICMP message; only IPv6 tells a prohibition apart.
    expect(reasonAt(four, 9997)).toBe('HostUnreachable');
    expect(reasonAt(six, 9997)).toBe('Prohibited');
  });

  it('is at an address of its own network that nobody has', async () => {
    const nobody = ['198.18.96.2:80', '[2001:2:0:fffe::2]:80'];
    const { report: found, exitCode } = await connect('routeless', ...nobody);
    expect(exitCode).toBe(1);
    expect(found.results.map(({ reason }) => reason)).toEqual(['HostUnreachable', 'HostUnreachable']);
    expect(found.results[0]?.message).toContain('ARP');
    expect(found.results[1]?.message).toContain('neighbour discovery');
  });

  it('is behind a route that the source does not have, or that forbids it', async () => {
    const [four = ''] = ips.get('server') ?? [];
    const destinations = [
      '198.18.97.1:80',
      '[2001:2:0:ffff::1]:80',
      '198.18.98.1:80',
      '198.18.99.1:80',
      `${four}:8080`,
    ];
    const { report: found, exitCode } = await connect('routeless', ...destinations);
    expect(exitCode).toBe(1);
    expect(found.results.map(({ reason }) => reason)).toEqual([
      'NetworkUnreachable',
      'NetworkUnreachable',
      'HostUnreachable',
      'Prohibited',
      'Connected',
    ]);
  });

  it('is at a name that does not exist', async () => {
    const { report: found, exitCode } = await connect('client', `nosuch.${namespace}.svc.cluster.local:80`);
    expect(exitCode).toBe(1);
    expect(found.results).toHaveLength(1);
    expect(found.results[0]).toMatchObject({ verdict: 'fail', reason: 'NameNotFound', attempts: 0 });
    expect(found.results[0]?.message).toContain(`nosuch.${namespace}.svc.cluster.local`);
    expect(hintsOf(found, found.results[0])).toEqual([expect.stringContaining('dnsPolicy')]);
  });

  it('fails in the table and in words, below the columns', async () => {
    const { stdout, exitCode } = await netmachinery(['connect', '-n', namespace, 'client', 'pod/server:81']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/pod\/server:81.*refused/i);
    expect(stdout).toContain('nothing listens on that port');
  });
});

it('counts the attempts of a port that only answers some of them', async () => {
  // The first SYN of every attempt is the only one sent before the timeout, and every other one is dropped.
  const { report: found, exitCode } = await connect(
    'client',
    'pod/filtered:8443',
    '--attempts',
    '4',
    '--connect-timeout',
    '900ms',
  );
  expect(exitCode).toBe(1);
  const [result] = found.results;
  expect(result).toMatchObject({ verdict: 'fail', reason: 'SomeAttemptsFailed', attempts: 4 });
  expect(result?.message).toMatch(/^2 of 4 attempts connected/);
  expect(result?.attemptResults?.map(({ reason }) => reason).sort()).toEqual([
    'Connected',
    'Connected',
    'TimedOut',
    'TimedOut',
  ]);
  expect(result?.rttMs?.max).toBeLessThan(900);
});

it('is at 30 silent destinations at the same time', async () => {
  const connectTimeoutMs = 2000;
  const attempts = 3;
  const { report: found } = await connect(
    'client',
    `pod/filtered:${silentPorts.join(',')}`,
    ...['--connect-timeout', `${connectTimeoutMs}ms`, '--attempts', `${attempts}`],
  );
  expect(found.summary).toMatchObject({ total: 30, fail: 30 });
  expect(new Set(found.results.map(({ reason }) => reason))).toEqual(new Set(['TimedOut']));
  expect(found.results.every(({ attemptResults }) => attemptResults?.length === attempts)).toBe(true);
  // One after another they would take three minutes. How much less than that it is says test/bench (silence).
  const oneAfterAnother = found.summary.total * attempts * connectTimeoutMs;
  expect(found.durationMs).toBeGreaterThanOrEqual(connectTimeoutMs);
  expect(found.durationMs).toBeLessThan(oneAfterAnother / 4);
});

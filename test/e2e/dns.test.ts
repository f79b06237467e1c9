// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { netmachinery, report } from './cli.js';
import { createNamespace, createReady, deleteNamespace, images, kubectl, podManifest } from './kubectl.js';
import { filteredPod, serverPod } from './manifests.js';
import { hintsOf } from './results.js';

let namespace: string;
let clusterDns: string;
let endpoints: string[];

/** How pods of the outside world have it: one search domain, and names with a dot are asked for as they are first. */
const plainResolver = (server: string) => ({
  dnsPolicy: 'None',
  dnsConfig: {
    nameservers: [server, '198.18.9.9'],
    searches: ['shop.svc.cluster.local', 'svc.cluster.local'],
    options: [{ name: 'ndots', value: '1' }],
  },
});
const working = { command: ['sleep', 'infinity'], image: images.toolbox, labels: { mixed: 'yes' } };

beforeAll(async () => {
  const service = ['get', 'service', '-n', 'kube-system', 'kube-dns', '-o', 'jsonpath={.spec.clusterIP}'];
  clusterDns = await kubectl(service);
  const pods = [
    'get',
    'pods',
    '-n',
    'kube-system',
    '-l',
    'k8s-app=kube-dns',
    '-o',
    'jsonpath={.items[*].status.podIP}',
  ];
  endpoints = (await kubectl(pods)).split(' ').sort();
  namespace = await createNamespace('dns');
  await createReady(
    namespace,
    serverPod('client'),
    podManifest('plain', { spec: plainResolver(clusterDns) }),
    filteredPod('silent', 'input', ['udp dport 53 drop']),
    podManifest('with-tools', working),
    podManifest('without-tools', { image: images.static, labels: { mixed: 'yes' } }),
  );
});

afterAll(() => deleteNamespace(namespace));

const dns = (...args: string[]) => report(['dns', '-n', namespace, ...args]);

/** What the resolver library of the tool container makes of a name: its IPv4 addresses, none where it does not exist. */
async function resolved(pod: string, name: string): Promise<string[]> {
  const inside = ['exec', '-n', namespace, pod, '-c', 'netmachinery-1', '--', 'getent', 'ahostsv4', name];
  const found = await kubectl(inside).catch(() => '');
  return [...new Set(found.split('\n').flatMap((line) => line.split(' ')[0] || []))].sort();
}

describe('a name', () => {
  const names = [
    'kubernetes.default',
    'kube-dns.kube-system.svc',
    'outside.example',
    'api',
    'nosuch.shop',
    'only-ipv6.example',
  ];

  it.each(['client', 'plain'])('stands for what the resolver of pod %s says', async (pod) => {
    const { report: found } = await dns(pod, ...names, '--server', clusterDns, '--attempts', '1');
    expect(found.results.map(({ dns: answer }) => answer?.name)).toEqual(names);
    for (const { dns: answer, verdict } of found.results) {
      const expected = await resolved(pod, answer?.name ?? '');
      expect([...(answer?.answers ?? [])].sort(), answer?.name).toEqual(expected);
      expect(verdict, answer?.name).toBe(expected.length > 0 ? 'pass' : 'fail');
    }
  });

  it('takes as many queries as the search path says', async () => {
    const queries = async (pod: string, name: string) => {
      const { report: found } = await dns(pod, name, '--server', clusterDns);
      const [result] = found.results;
      return [result?.dns?.queried, result?.dns?.queries];
    };
    // Three search domains before the name itself, as the kubelet configures it.
    expect(await queries('client', 'outside.example')).toEqual(['outside.example.', 4]);
    expect(await queries('client', 'outside.example.')).toEqual(['outside.example.', 1]);
    expect(await queries('plain', 'outside.example')).toEqual(['outside.example.', 1]);
    expect(await queries('plain', 'api')).toEqual(['api.shop.svc.cluster.local.', 1]);
    expect(await queries('plain', 'api.shop')).toEqual(['api.shop.svc.cluster.local.', 3]);
  });

  it('is asked for by all types, and an address by its name', async () => {
    const { report: found, exitCode } = await dns(
      'client',
      'outside.example',
      '198.18.0.1',
      '--type',
      'A,aaaa',
      '--attempts',
      '2',
    );
    expect(exitCode).toBe(0);
    expect(found.results.map(({ dns: answer }) => [answer?.name, answer?.type, answer?.answers])).toEqual([
      ['outside.example', 'A', ['198.18.100.1']],
      ['outside.example', 'AAAA', ['2001:2:0:1801::1']],
      ['198.18.0.1', 'PTR', ['kubernetes.default.svc.cluster.local.']],
    ]);
    const [result] = found.results;
    expect(result).toMatchObject({ probe: 'dns', reason: 'Resolved', attempts: 2, dns: { rcode: 'NOERROR' } });
    expect(result?.dns?.ttl).toBeGreaterThan(0);
    expect(result?.rttMs?.min).toBeGreaterThan(0);
    const srv = await dns('client', '_dns._udp.kube-dns.kube-system', '--type', 'SRV', '--tcp');
    expect(srv.report.results[0]?.dns?.answers).toEqual([
      expect.stringMatching(/^\d+ \d+ 53 kube-dns\.kube-system\.svc\.cluster\.local\.$/),
    ]);
    expect(srv.report.results[0]?.destination.protocol).toBe('tcp');
  });

  it('is asked for in both families where they are asked for', async () => {
    const { report: found } = await dns('client', 'outside.example', '--ip-families', 'both');
    expect(found.results.map(({ dns: answer }) => answer?.type)).toEqual(['A', 'AAAA']);
    expect(found.summary).toMatchObject({ total: 2, pass: 2 });
  });
});

describe('the servers', () => {
  it("are those of the pod's resolv.conf, each by itself", async () => {
    const { report: found, exitCode } = await dns('plain', 'outside.example', '--connect-timeout', '1s');
    expect(exitCode).toBe(1);
    expect(found.results.map(({ destination, reason }) => [destination.address, destination.port, reason])).toEqual([
      [clusterDns, 53, 'Resolved'],
      ['198.18.9.9', 53, 'TimedOut'],
    ]);
    expect(found.results[1]).toMatchObject({ attempts: 3, dns: { answers: [] } });
    expect(found.results[1]?.dns).not.toHaveProperty('rcode');
    expect(hintsOf(found, found.results[1]).join()).toContain('timed out');
  });

  it('are the Service and each of its endpoints with --each-endpoint', async () => {
    for (const more of [[], ['--server', 'kube-system/svc/kube-dns']]) {
      const { report: found, exitCode } = await dns('client', 'kubernetes.default', '--each-endpoint', ...more);
      expect(exitCode).toBe(0);
      const [virtual, ...behind] = found.results;
      expect(virtual?.destination).toMatchObject({ kind: 'service', name: 'kube-dns', address: clusterDns });
      expect(behind.map(({ destination }) => destination.address).sort()).toEqual(endpoints);
      expect(new Set(behind.map(({ destination }) => destination.kind))).toEqual(new Set(['endpoint']));
    }
  });

  it('say so where no Service stands behind them', async () => {
    const { report: found } = await dns('plain', 'outside.example.', '--each-endpoint', '--connect-timeout', '1s');
    expect(found.warnings.join()).toContain('no Service has the address 198.18.9.9');
    expect(found.results.map(({ destination }) => destination.address).sort()).toEqual(
      [clusterDns, '198.18.9.9', ...endpoints].sort(),
    );
  });

  it('may be silent or closed', async () => {
    const { report: found } = await dns(
      'client',
      'outside.example',
      ...['--server', 'pod/silent', '--server', 'pod/client', '--connect-timeout', '1s', '--attempts', '2'],
    );
    expect(found.results.map(({ reason, verdict }) => [reason, verdict])).toEqual([
      ['TimedOut', 'fail'],
      ['Refused', 'fail'],
    ]);
  });
});

describe('what is expected', () => {
  it('is a response code, or exactly these answers', async () => {
    const reasonOf = async (...args: string[]) => {
      const { report: found, exitCode } = await dns('client', ...args, '--attempts', '1');
      return [exitCode, found.results[0]?.reason];
    };
    expect(await reasonOf('nosuch.shop', '--expect-rcode', 'nxdomain')).toEqual([0, 'Resolved']);
    expect(await reasonOf('api.shop', '--expect-rcode', 'NXDOMAIN')).toEqual([1, 'DnsError']);
    expect(await reasonOf('nosuch.shop')).toEqual([1, 'DnsError']);
    expect(await reasonOf('only-ipv4.example', '--type', 'AAAA')).toEqual([1, 'NoSuchRecord']);
    expect(await reasonOf('outside.example', '--expect-answer', '198.18.100.1')).toEqual([0, 'Resolved']);
    expect(await reasonOf('outside.example', '--expect-answer', '198.18.100.1,198.18.0.9')).toEqual([
      1,
      'UnexpectedAnswer',
    ]);
    const address = '2001:0002:0:1801:0:0:0:1';
    expect(await reasonOf('outside.example', '--type', 'AAAA', '--expect-answer', address)).toEqual([0, 'Resolved']);
  });

  it('is no answer of any kind with --expect deny, and a control shows that there could be one', async () => {
    const denied = await dns('client', 'nosuch.shop', '--expect', 'deny');
    expect(denied.exitCode).toBe(1);
    expect(denied.report.results[0]).toMatchObject({ verdict: 'fail', reason: 'DnsError' });
    const server = ['--server', 'pod/silent', '--connect-timeout', '1s', '--attempts', '1'];
    const { report: found, exitCode } = await dns(
      'client',
      'api.shop',
      '--expect',
      'deny',
      '--control',
      'with-tools',
      ...server,
    );
    expect(exitCode).toBe(4);
    expect(found.results[0]).toMatchObject({ reason: 'NoPositiveControl', control: { reached: false } });
  });
});

it('leaves other sources alone where one cannot be asked', async () => {
  const { report: found, exitCode } = await report([
    ...[
      'dns',
      '-n',
      namespace,
      '-l',
      'mixed=yes',
      '--mode',
      'all',
      '-c',
      'main',
      'outside.example',
      '--type',
      'A,AAAA',
    ],
  ]);
  expect(exitCode).toBe(3);
  const brief = found.results.map(({ source, verdict, reason }) => [source.pod, verdict, reason]);
  expect(brief).toEqual([
    ['with-tools', 'pass', 'Resolved'],
    ['with-tools', 'pass', 'Resolved'],
    ['without-tools', 'error', 'ToolMissing'],
  ]);
});

it('works without an exec, too', async () => {
  const { report: found, exitCode } = await dns('with-tools', 'outside.example', '--no-exec', '--attempts', '1');
  expect(exitCode).toBe(0);
  expect(found.results[0]?.dns?.answers).toEqual(['198.18.100.1']);
});

it('shows name, type, server and answer in its table', async () => {
  const { stdout } = await netmachinery(['dns', '-n', namespace, 'client', 'api.shop', 'nosuch.shop']);
  expect(stdout).toMatch(/^DESTINATION +ADDRESS\/PORT +VERDICT +REASON +QUERY +REACHED +ANSWER/);
  expect(stdout).toMatch(
    new RegExp(`api\\.shop A +${clusterDns}:53/udp +✓ pass +Resolved .* ms +3/3 +198\\.18\\.\\S+ \\(2 queries\\)`),
  );
  expect(stdout).toMatch(/nosuch\.shop A .*✗ fail +DnsError .*0\/3 +NXDOMAIN \(4 queries\)/);
});

it.each([
  [['client'], 'a name to resolve is needed'],
  [['client', 'svc/api'], 'not a domain name'],
  [['client', 'api', '--type', 'TXT'], 'unknown record type "TXT"'],
  [['client', 'api', '--server', 'dns.example'], 'DNS servers have addresses'],
  [['client', 'api', '--server', 'svc/nosuch'], 'not found'],
  [['client', 'api', '--expect', 'deny', '--control', 'destination'], '--control destination cannot be used'],
  [['client', 'api', '--expect-rcode', 'NOPE'], 'unknown response code "NOPE"'],
])('refuses %j', async (words, message) => {
  const { exitCode, stderr } = await netmachinery(['dns', '-n', namespace, ...words]);
  expect(stderr).toContain(message);
  expect(exitCode).toBe(2);
});

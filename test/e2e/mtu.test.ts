// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { podGateway } from '../cluster/addresses.js';
import { account, runAs } from './accounts.js';
import { launchers, netmachinery, onTerminal, report } from './cli.js';
import { createNamespace, createReady, deleteNamespace, images, podManifest } from './kubectl.js';
import { ephemeralContainers, filteredPod, prepared, serverPod } from './manifests.js';
import { ownPods } from './own-pods.js';
import { behind, createRouted, shownLines } from './paths.js';
import { hintsOf, resultOf } from './results.js';

let namespace = '';

beforeAll(async () => {
  namespace = await createNamespace('mtu');
  await Promise.all([
    createRouted(namespace, 'source', 'hearing', 'remembering'),
    createReady(
      namespace,
      serverPod('server'),
      serverPod('there'),
      // Long packets vanish: a black hole, in both families.
      filteredPod('hole', 'input', ['meta length > 1300 drop']),
      filteredPod('silent', 'input', ['meta l4proto { icmp, ipv6-icmp } drop']),
      filteredPod('lossy', 'input', ['icmp type echo-request numgen random mod 10 < 4 drop']),
      // Its own echo requests that are long vanish, its replies do not.
      filteredPod('one-way', 'output', ['icmp type echo-request meta length > 1200 drop']),
      serverPod('narrow', { spec: prepared('ip link set eth0 mtu 1400') }),
      serverPod('routed', { spec: prepared(`ip route replace default via ${podGateway} dev eth0 mtu lock 1300`) }),
      podManifest('busybox', { image: images.busybox, command: ['sleep', '1000000'] }),
    ),
  ]);
});
afterAll(() => deleteNamespace(namespace));

const mtu = (...words: string[]) => report(['mtu', '-n', namespace, ...words]);

describe.concurrent('mtu', () => {
  it("finds the interface's MTU in both families", async () => {
    const { exitCode, report: found } = await mtu('source', 'server', '--ip-families', 'both');
    const expected = { pathMtu: 1500, interface: 'eth0', interfaceMtu: 1500, limitedBy: 'interface' };
    expect(found.results.map(({ verdict, reason, mtu: facts }) => [verdict, reason, facts])).toEqual([
      ['pass', 'PathMtuFound', expected],
      ['pass', 'PathMtuFound', expected],
    ]);
    expect(exitCode).toBe(0);
  });

  it('of an interface that takes less says so', async () => {
    const { report: found } = await mtu('narrow', 'server');
    expect(found.results[0]?.mtu).toMatchObject({ pathMtu: 1400, interfaceMtu: 1400, limitedBy: 'interface' });
  });

  it('of a route that takes less than its interface says so', async () => {
    const { report: found } = await mtu('routed', 'node/node1');
    expect(found.results[0]).toMatchObject({
      verdict: 'pass',
      mtu: { pathMtu: 1300, interfaceMtu: 1500, limitedBy: 'interface' },
    });
    expect(found.results[0]?.message).toContain('route');
  });

  it('finds what a router says, in both families', async () => {
    // What a router has said is remembered.
    await ownPods(namespace, 'hearing');
    const { exitCode, report: found } = await mtu('hearing', behind.narrow.ipv4, behind.narrow.ipv6);
    expect(
      found.results.map(({ reason, mtu: facts }) => [reason, facts?.pathMtu, facts?.limitedBy, facts?.router]),
    ).toEqual([
      ['PathMtuFound', 1300, 'router', behind.wide.ipv4],
      ['PathMtuFound', 1300, 'router', behind.wide.ipv6],
    ]);
    expect(exitCode).toBe(0);
  });

  it('knows that the source remembers what a router said', async () => {
    await ownPods(namespace, 'remembering');
    const first = await mtu('remembering', behind.narrow.ipv4);
    expect(first.report.results[0]?.mtu).toMatchObject({ limitedBy: 'router', router: behind.wide.ipv4 });
    const { report: found } = await mtu('remembering', behind.narrow.ipv4);
    expect(found.results[0]).toMatchObject({ verdict: 'pass', mtu: { pathMtu: 1300, limitedBy: 'router' } });
    expect(found.results[0]?.message).toContain('remembers');
  });

  it('fails at a black hole and says between which sizes, in both families', async () => {
    const { exitCode, report: found } = await mtu('source', 'hole', '--ip-families', 'both');
    for (const result of found.results) {
      expect(result).toMatchObject({
        verdict: 'fail',
        reason: 'BlackHole',
        mtu: { pathMtu: 1300, smallestLost: 1301, interfaceMtu: 1500, limitedBy: 'silence' },
      });
      expect(hintsOf(found, result)[0]).toContain('1300 bytes are answered, 1301 and more vanish');
    }
    expect(found.results).toHaveLength(2);
    expect(exitCode).toBe(1);
  });

  it('does not take loss for a black hole', async () => {
    const { exitCode, report: found } = await mtu('source', 'lossy');
    expect(found.results[0]).toMatchObject({ verdict: 'pass', mtu: { pathMtu: 1500 } });
    expect(exitCode).toBe(0);
  });

  it('passes below a black hole with --max-size', async () => {
    const { exitCode, report: found } = await mtu('source', 'hole', '--max-size', '1300');
    expect(found.results[0]).toMatchObject({ verdict: 'pass', mtu: { pathMtu: 1300 } });
    expect(exitCode).toBe(0);
  });

  it('tries no more than the interface takes with a larger --max-size', async () => {
    const { report: found } = await mtu('source', 'server', '--max-size', '9000');
    expect(found.results[0]?.mtu).toMatchObject({ pathMtu: 1500, smallestLost: 9000, limitedBy: 'interface' });
  });

  it('holds what it finds against --expect-mtu', async () => {
    const { exitCode, report: found } = await mtu('source', 'server', behind.narrow.ipv4, '--expect-mtu', '1400');
    expect(resultOf(found, { name: 'server' })).toMatchObject({ verdict: 'pass', mtu: { pathMtu: 1500 } });
    const small = resultOf(found, { address: behind.narrow.ipv4 });
    expect(small).toMatchObject({ verdict: 'fail', reason: 'MtuTooSmall', mtu: { pathMtu: 1300 } });
    expect(hintsOf(found, small)[0]).toContain('1400 are expected');
    expect(exitCode).toBe(1);
    expect((await mtu('source', behind.narrow.ipv4, '--expect-mtu', '1300')).exitCode).toBe(0);
  });

  it('says what ping says where nothing is answered', async () => {
    const quick = ['--connect-timeout', '1s'];
    const { exitCode, report: found } = await mtu('source', 'silent', ...quick);
    expect(found.results[0]).toMatchObject({ verdict: 'fail', reason: 'NoReply', received: 0 });
    expect(found.results[0]).not.toHaveProperty('mtu');
    expect(exitCode).toBe(1);
    const nobody = await mtu('source', '198.19.1.254');
    expect(nobody.report.results[0]).toMatchObject({ verdict: 'fail', reason: 'HostUnreachable' });
  });

  it('proves that nothing arrives with a control', async () => {
    const words = ['silent', '--connect-timeout', '1s', '--expect', 'deny', '--control', 'destination'];
    const { exitCode, report: found } = await mtu('source', ...words);
    expect(found.results[0]).toMatchObject({ verdict: 'inconclusive', reason: 'NoPositiveControl' });
    expect(exitCode).toBe(4);
    const reachable = await mtu('source', 'server', '--expect', 'deny');
    expect(reachable.report.results[0]).toMatchObject({ verdict: 'fail', reason: 'PathMtuFound' });
  });

  it('says that busybox ping cannot do it', async () => {
    const { exitCode, report: found } = await mtu('busybox', 'server', '-c', 'main');
    expect(found.results[0]).toMatchObject({ verdict: 'error', reason: 'ToolMissing' });
    expect(found.results[0]?.message).toContain('busybox');
    expect(exitCode).toBe(3);
  });

  it('works with NET_RAW, and without any exec', async () => {
    const raw = await mtu('source', 'server', '--raw');
    expect(raw.report.results[0]).toMatchObject({ verdict: 'pass', mtu: { pathMtu: 1500 } });
    const log = await mtu('server', 'there', '--no-exec');
    expect(log.report.results[0]).toMatchObject({ verdict: 'pass', mtu: { pathMtu: 1500 } });
  });
});

describe.concurrent('mtu --both-directions', () => {
  it('enters the destination, says so, and adds the way back', async () => {
    const { exitCode, stderr, report: found } = await mtu('source', 'there', '--both-directions');
    expect(stderr).toContain(`these pods are entered as well: ${namespace}/there`);
    expect(found.results[0]).toMatchObject({
      verdict: 'pass',
      mtu: { pathMtu: 1500, reverse: { pathMtu: 1500, interface: 'eth0', interfaceMtu: 1500, limitedBy: 'interface' } },
    });
    expect(Object.keys(await ephemeralContainers(namespace))).toContain('there');
    expect(exitCode).toBe(0);
  });

  it('fails where the black hole is on the way back', async () => {
    const { report: one } = await mtu('source', 'one-way');
    expect(one.results[0]).toMatchObject({ verdict: 'pass', mtu: { pathMtu: 1500 } });
    const { exitCode, report: found } = await mtu('source', 'one-way', '--both-directions');
    expect(found.results[0]).toMatchObject({
      verdict: 'fail',
      reason: 'BlackHole',
      mtu: { pathMtu: 1500, reverse: { pathMtu: 1200, smallestLost: 1201, limitedBy: 'silence' } },
    });
    expect(exitCode).toBe(1);
  });

  it('counts destination pods in --max-pods, and needs one', async () => {
    const many = await netmachinery([
      'mtu',
      '-n',
      namespace,
      'source',
      'there',
      '--both-directions',
      '--max-pods',
      '1',
    ]);
    expect(many.stderr).toMatch(/2 pods would be entered/);
    expect(many.exitCode).toBe(2);
    const none = await netmachinery(['mtu', '-n', namespace, 'source', '198.18.100.1', '--both-directions']);
    expect(none.stderr).toMatch(/needs a destination that is a pod/);
    expect(none.exitCode).toBe(2);
  });
});

describe.concurrent('the Role of mtu', () => {
  it('suffices, and for the way back only with --both-directions', async () => {
    const words = ['mtu', '-n', namespace, 'server', 'there'];
    const [plain, both] = await Promise.all([
      account(namespace, 'plain', ['mtu', '-n', namespace]),
      account(namespace, 'both', ['mtu', '-n', namespace, '--targets', 'pod', '--both-directions']),
    ]);
    expect((await runAs(plain, words)).exitCode).toBe(0);
    expect((await runAs(both, [...words, '--both-directions'])).exitCode).toBe(0);
  });

  it('is named where it is missing', async () => {
    const user = await account(namespace, 'lacking', ['mtu', '-n', namespace], { lacks: 'get pods/exec' });
    const { stdout, stderr } = await runAs(user, ['mtu', '-n', namespace, 'server', 'there', '--both-directions']);
    expect(stdout + stderr).toMatch(/kubectl netmachinery rbac mtu -n \S+( --both-directions)?/);
  });
});

describe.concurrent('mtu for people', () => {
  it('shows the sizes beside the interface, at 80 columns', async () => {
    const words = ['mtu', '-n', namespace, 'source', 'hole', 'server', '--color', 'never'];
    const { screen, exitCode } = await onTerminal([...launchers.executable, ...words], () => false, '', {
      columns: 80,
    });
    const lines = shownLines(screen);
    const shown = lines.join('\n');
    expect(shown).toMatch(/DESTINATION.* +VERDICT +REASON +MTU +INTERFACE +LIMITED BY/);
    expect(shown).toMatch(/hole .*✗ fail +BlackHole +1300 +eth0 1500 +silence/);
    for (const line of lines.filter((each) => /MTU +INTERFACE|eth0/.test(each))) {
      expect(line.length).toBeLessThanOrEqual(80);
    }
    expect(exitCode).toBe(1);
  });

  it.each([
    [['source', 'server:80'], /mtu has no ports/],
    [['source', 'server', '--max-size', '64'], /max-size/],
    [['source', 'server', '--expect-mtu', '9000', '--max-size', '1500'], /cannot be met/],
    [['source', 'server', '--expect-mtu', '1400', '--expect', 'deny'], /exclude each other/],
    [['source'], /destination/],
  ])('%j is refused with exit code 2', async (words, text) => {
    const { exitCode, stdout, stderr } = await netmachinery(['mtu', '-n', namespace, ...words]);
    expect(stderr).toMatch(text);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });
});

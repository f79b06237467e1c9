// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { faultProxy } from '../integration/kube/fault-proxy.js';
import { netmachinery, report, runUntil } from './cli.js';
import { createNamespace, createReady, deleteNamespace, getPod, images, kubectl, podManifest } from './kubectl.js';
import { ephemeralContainers, filteredPod, serverPod } from './manifests.js';
import { ownPods } from './own-pods.js';
import { asAccount, coreRule, serviceAccount } from './service-accounts.js';

let namespace = '';
const readPods = coreRule(['pods'], ['get', 'list', 'watch']);
const patchContainers = coreRule(['pods/ephemeralcontainers'], ['patch']);
const readLogs = coreRule(['pods/log'], ['get']);
const quick = ['--count', '3', '--interval', '20ms'];

beforeAll(async () => {
  namespace = await createNamespace('no-exec');
  const sources = [
    'both',
    'tls',
    'raw',
    'interrupted',
    'no-image',
    'no-log',
    'offered',
    'full',
    'cut',
    'refused',
    'cut-first',
    'slow-log',
    'twice',
  ];
  await createReady(
    namespace,
    serverPod('server'),
    filteredPod('dropping', 'input', ['tcp dport 8080 drop']),
    ...sources.map((name) => podManifest(name)),
    ...serviceAccount(namespace, 'log', [readPods, patchContainers, readLogs]),
    ...serviceAccount(namespace, 'no-log', [readPods, patchContainers]),
  );
});
afterAll(() => deleteNamespace(namespace));

const asLog = () => asAccount(namespace, 'log');

/** Fails unless these are the ephemeral containers of a pod and all have ended, once the kubelet has reported them. */
async function expectEnded(pod: string, names: readonly string[], timeout = 20_000): Promise<void> {
  const ended = names.map((name) => [name, 'terminated']);
  const reported = async () => {
    const { status } = await getPod(namespace, pod);
    const states = (status?.ephemeralContainerStatuses ?? []).map(({ name, state }) => [
      name,
      Object.keys(state ?? {}).join(),
    ]);
    expect(states.sort()).toEqual(ended);
  };
  await vi.waitFor(reported, { timeout, interval: 300 });
}

describe.concurrent('--no-exec', () => {
  it('finds with permission for logs what others find with permission to execute', async () => {
    await ownPods(namespace, 'both');
    const ports = ['pod/server:8080,81', 'pod/dropping:8080', 'udp://pod/server:echo,sink'];
    const runs = [
      ['ping', '-n', namespace, 'both', 'server', '198.18.102.99', ...quick],
      ['connect', '-n', namespace, 'both', ...ports, '--connect-timeout', '1s'],
    ];
    for (const args of runs) {
      const byExec = await report(args);
      const byLog = await report([...args, '--no-exec', ...asLog()]);
      const facts = ({ results }: typeof byLog.report) =>
        results.map(({ reason, verdict, message, attempts, sent, received, attemptResults }) => {
          const attempted = attemptResults?.map((attempt) => attempt.reason);
          return {
            reason,
            verdict,
            message: message.replace(/[0-9.]+ ms/, 'N ms'),
            attempts,
            sent,
            received,
            attempted,
          };
        });
      expect(facts(byLog.report)).toEqual(facts(byExec.report));
      expect(byLog.exitCode).toBe(byExec.exitCode);
      expect(byLog.stderr).toContain('Note: 1 pod gets an ephemeral container for each command');
    }
    expect((await ephemeralContainers(namespace))['both']?.sort()).toEqual([
      'netmachinery-1',
      'netmachinery-once-1',
      'netmachinery-once-2',
      'netmachinery-once-3',
    ]);
  });

  it('leaves containers that have ended, under the same rules as a tool container', async () => {
    await ownPods(namespace, 'raw');
    const args = ['ping', '-n', namespace, 'raw', 'server', ...quick, '--raw', '--no-exec'];
    const { exitCode } = await netmachinery([...args, '--reason', 'INC-1']);
    expect(exitCode).toBe(0);
    await expectEnded('raw', ['netmachinery-raw-once-1']);
    const [container] = (await getPod(namespace, 'raw')).spec.ephemeralContainers ?? [];
    expect(container?.securityContext).toMatchObject({ capabilities: { drop: ['ALL'], add: ['NET_RAW'] } });
    expect(container?.env).toContainEqual({ name: 'NETMACHINERY_REASON', value: 'INC-1' });
  });

  it('shakes hands in a second container', async () => {
    await ownPods(namespace, 'tls');
    const args = ['connect', '-n', namespace, 'tls', 'pod/server:8443', '--tls', '--no-exec', ...asLog()];
    const { report: found } = await report(args);
    expect(found.results[0]).toMatchObject({ reason: 'Connected', tls: { handshakeMs: expect.any(Number) as number } });
    await expectEnded('tls', ['netmachinery-once-1', 'netmachinery-once-2']);
  });

  it('reads the rest of a log whose connection was cut', async () => {
    await ownPods(namespace, 'cut');
    let cuts = 0;
    const proxy = await faultProxy(({ url = '' }) => {
      if (!url.includes('/log?') || cuts === 2) return 'pass';
      cuts += 1;
      return { cutAfterBytes: 60 };
    });
    try {
      const args = ['ping', '-n', namespace, 'cut', 'server', '--count', '10', '--no-exec', '--server', proxy.url];
      const { report: found, exitCode } = await report(args);
      expect(found.results[0]).toMatchObject({ verdict: 'pass', sent: 10, received: 10 });
      expect(exitCode).toBe(0);
      expect(cuts).toBe(2);
    } finally {
      await proxy.close();
    }
  });

  it.each([
    ['cut-first', 'cut' as const],
    ['slow-log', { status: 500, body: 'the kubelet is away' }],
  ])('waits for a log whose first request fails (%s)', async (pod, fault) => {
    await ownPods(namespace, pod);
    let faults = 0;
    const proxy = await faultProxy(({ url = '' }) => {
      if (!url.includes('/log?') || faults === 3) return 'pass';
      faults += 1;
      return fault;
    });
    try {
      const { report: found } = await report([
        ...['ping', '-n', namespace, pod, 'server', ...quick, '--no-exec', '--server', proxy.url],
      ]);
      expect(found.results[0]).toMatchObject({ verdict: 'pass', sent: 3, received: 3 });
      expect(faults).toBe(3);
    } finally {
      await proxy.close();
    }
  });

  it('runs a command once where its container was added and the answer says otherwise', async () => {
    await ownPods(namespace, 'twice');
    let patches = 0;
    const proxy = await faultProxy(({ method, url = '' }) => {
      const isPatch = method === 'PATCH' && url.endsWith('/ephemeralcontainers');
      return isPatch && (patches += 1) === 1 ? { passAndAnswer: 504 } : 'pass';
    });
    try {
      const args = ['ping', '-n', namespace, 'twice', 'server', ...quick, '--no-exec', '--server', proxy.url];
      const { report: found } = await report(args);
      expect(found.results[0]).toMatchObject({ verdict: 'pass', sent: 3 });
      expect(patches).toBe(1);
      expect((await ephemeralContainers(namespace))['twice']).toEqual(['netmachinery-once-1']);
    } finally {
      await proxy.close();
    }
  });

  it('leaves nothing beyond the limit of the command when it is interrupted', async () => {
    await ownPods(namespace, 'interrupted');
    const slow = ['server', '--count', '100', '--interval', '100ms'];
    const args = ['ping', '-n', namespace, 'interrupted', ...slow, '--no-exec', '-o', 'json'];
    const working = async () => {
      const { status } = await getPod(namespace, 'interrupted');
      return status?.ephemeralContainerStatuses?.[0]?.state?.running !== undefined;
    };
    const { exitCode, stderr, msSinceSignal } = await runUntil(args, working, 'SIGINT');
    expect(exitCode).toBe(130);
    const rest = /^Note: container netmachinery-once-1 of pod \S+\/interrupted goes on for up to (\d+) s$/m.exec(
      stderr,
    );
    expect(Number(rest?.[1]), stderr).toBeGreaterThan(9);
    expect(msSinceSignal).toBeLessThan(2000);
    await expectEnded('interrupted', ['netmachinery-once-1'], 40_000);
  });

  it("fails at once with the kubelet's words when its image is not there", async () => {
    await ownPods(namespace, 'no-image');
    const image = 'docker.io/netmachinery-test/absent:1';
    const args = ['ping', '-n', namespace, 'no-image', 'server', '--no-exec', '--image', image];
    const { report: found, exitCode, ms } = await report(args);
    expect(found.results[0]).toMatchObject({ verdict: 'error', reason: 'ImageNotPulled' });
    expect(found.results[0]?.message).toMatch(/ErrImagePull: .*absent/);
    expect(exitCode).toBe(3);
    expect(ms).toBeLessThan(15_000);
  });

  it('is refused to whoever may not read logs, before anything is added', async () => {
    const args = ['ping', '-n', namespace, 'no-log', 'server', '--no-exec', ...asAccount(namespace, 'no-log')];
    const { stderr, exitCode } = await netmachinery(args);
    expect(stderr).toMatch(/not allowed to get pods\/log/);
    expect(exitCode).toBe(3);
    expect(await ephemeralContainers(namespace)).not.toHaveProperty('no-log');
  });

  it('is offered to whoever may not execute', async () => {
    const { stderr, exitCode } = await netmachinery(['ping', '-n', namespace, 'offered', 'server', ...asLog()]);
    expect(stderr).toMatch(/pods\/exec/);
    expect(stderr).toMatch(/^hint: .*--no-exec/m);
    expect(exitCode).toBe(3);
    expect(await ephemeralContainers(namespace)).not.toHaveProperty('offered');
  });

  it('adds no more than ten containers of a kind to a pod', async () => {
    await ownPods(namespace, 'full');
    const ephemeral = Array.from({ length: 10 }, (_, index) => ({
      name: `netmachinery-once-${index + 1}`,
      image: images.toolbox,
      command: ['true'],
    }));
    const patch = JSON.stringify({ spec: { ephemeralContainers: ephemeral } });
    await kubectl(['patch', '-n', namespace, 'pod', 'full', '--subresource', 'ephemeralcontainers', '-p', patch]);
    const { report: found, exitCode } = await report(['ping', '-n', namespace, 'full', 'server', '--no-exec']);
    expect(found.results[0]?.message).toContain('already has 10 one-shot containers');
    expect(exitCode).toBe(3);
  });

  it.each([
    ['--watch', ['ping', 'refused', 'server', '--watch']],
    ['--udp-proof', ['connect', 'refused', 'pod/server:9001/udp', '--udp-proof', 'counters']],
    ['-c', ['ping', 'refused', 'server', '-c', 'main']],
    ['--probe-pod', ['ping', 'refused', 'server', '--probe-pod']],
  ])('is refused with %s', async (flag, args) => {
    const { stdout, stderr, exitCode } = await netmachinery([...args, '-n', namespace, '--no-exec']);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: .* exclude each other/m);
    expect(stderr).toContain(flag);
    expect(exitCode).toBe(2);
    expect(await ephemeralContainers(namespace)).not.toHaveProperty('refused');
  });
});

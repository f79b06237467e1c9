// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { netmachinery, report } from './cli.js';
import { createNamespace, createReady, deleteNamespace, getPod, images, kubectl, podManifest } from './kubectl.js';
import { ephemeralContainers, serverPod } from './manifests.js';

let namespace = '';
let restricted = '';
const quick = ['--count', '2', '--interval', '20ms'];
const sleep = ['sh', '-c', "trap 'exit 0' TERM; sleep 100000 & wait"];
/** Of PodSecurity `restricted`. */
const restrictedContainer = {
  name: 'main',
  image: images.web,
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
};

beforeAll(async () => {
  [namespace, restricted] = await Promise.all([
    createNamespace('ping-sources'),
    createNamespace('ping-restricted', { 'pod-security.kubernetes.io/enforce': 'restricted' }),
  ]);
  const securityContext = { runAsNonRoot: true, runAsUser: 10_001, seccompProfile: { type: 'RuntimeDefault' } };
  const pingGroups = [{ name: 'net.ipv4.ping_group_range', value: '1 0' }];
  await Promise.all([
    createReady(
      namespace,
      serverPod('server'),
      podManifest('distroless', { image: images.static }),
      podManifest('non-root', { spec: { securityContext: { runAsNonRoot: true, runAsUser: 1000 } } }),
      podManifest('busybox', { image: images.busybox, command: sleep }),
      podManifest('host-network', { image: images.busybox, command: sleep, spec: { hostNetwork: true } }),
      podManifest('no-ping', { spec: { securityContext: { sysctls: pingGroups } } }),
    ),
    createReady(restricted, podManifest('tight', { spec: { securityContext, containers: [restrictedContainer] } })),
  ]);
  const crashing = podManifest('crashing', { image: images.busybox, command: ['false'] });
  const finished = podManifest('finished', {
    image: images.busybox,
    command: ['true'],
    spec: { restartPolicy: 'Never' },
  });
  const pending = podManifest('pending', { spec: { nodeSelector: { 'netmachinery.test/no-node-has-this': 'true' } } });
  const items = [crashing, finished, pending];
  await kubectl(['create', '-n', namespace, '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  const ended = '--for=jsonpath={.status.phase}=Succeeded';
  const crashed = '--for=jsonpath={.status.containerStatuses[0].restartCount}';
  await Promise.all([
    kubectl(['wait', '-n', namespace, 'pod/finished', ended, '--timeout=60s']),
    kubectl(['wait', '-n', namespace, 'pod/crashing', crashed, '--timeout=60s']),
  ]);
});
afterAll(() => Promise.all([namespace, restricted].map(deleteNamespace)));

const pingServer = (source: string, ...flags: string[]) =>
  report(['ping', '-n', namespace, source, 'server', ...quick, ...flags]);

describe.concurrent('ping leaves from', () => {
  it.each(['distroless', 'non-root', 'crashing', 'busybox'])('a pod that is %s', async (source) => {
    const { exitCode, report: found } = await pingServer(source);
    expect(found.results[0]).toMatchObject({
      verdict: 'pass',
      reason: 'EchoReply',
      received: 2,
      source: { pod: source },
    });
    expect(exitCode).toBe(0);
  });

  it('a pod in a restricted namespace, but not --raw', async () => {
    const ping = ['ping', '-n', restricted, 'tight', `${namespace}/pod/server`, ...quick];
    const plain = await report(ping);
    expect(plain.report.results[0]).toMatchObject({ verdict: 'pass', received: 2 });
    const raw = await report([...ping, '--raw']);
    expect(raw.report.results[0]).toMatchObject({ verdict: 'unsupported', reason: 'PodSecurityDenied' });
    expect(raw.report.results[0]?.message).toContain('NET_RAW');
    expect(raw.exitCode).toBe(5);
    expect(await ephemeralContainers(restricted)).toEqual({ tight: ['netmachinery-1'] });
    const ignored = await report([...ping, '--raw', '--ignore', 'unsupported']);
    expect(ignored.exitCode).toBe(0);
    expect(ignored.report.summary.unsupported).toBe(1);
  });

  it.each(['no-ping', 'host-network'])('%s with --raw only, where unprivileged ICMP is refused', async (source) => {
    const plain = await pingServer(source);
    expect(plain.report.results[0]).toMatchObject({ verdict: 'unsupported', reason: 'PingNotPermitted', attempts: 0 });
    expect(plain.report.hints[0]?.text).toMatch(/--raw .* or connect/);
    expect(plain.exitCode).toBe(5);
    const raw = await pingServer(source, '--raw');
    expect(raw.report.results[0]).toMatchObject({ verdict: 'pass', received: 2 });
    const own = await getPod(namespace, source);
    const container = own.spec.ephemeralContainers?.find(({ name }) => name === 'netmachinery-raw-1');
    expect(container?.securityContext).toMatchObject({
      runAsUser: 0,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'], add: ['NET_RAW'] },
    });
  });

  it("the application's own container with -c, with busybox's ping and nothing added", async () => {
    const pod = (await pingServer('busybox', '-c', 'main', '-v', '6')).stderr;
    expect(pod).toContain('container=main');
    expect(pod).not.toContain('PATCH');
    const { exitCode, report: found } = await pingServer('busybox', '--container', 'main');
    expect(found.results[0]).toMatchObject({ verdict: 'pass', sent: 2, received: 2 });
    expect(found.results[0]?.rttMs?.max).toBeGreaterThan(0);
    expect(exitCode).toBe(0);
  });

  it('no container without tools: that is no failure of the network', async () => {
    const { exitCode, report: found } = await pingServer('distroless', '-c', 'main');
    expect(found.results[0]).toMatchObject({ verdict: 'error', reason: 'ToolMissing' });
    expect(exitCode).toBe(3);
  });

  it('no container that is not there', async () => {
    const { exitCode, stdout, stderr } = await netmachinery([
      'ping',
      '-n',
      namespace,
      'busybox',
      'server',
      '-c',
      'nobody',
    ]);
    expect(stderr).toMatch(/container nobody not found in pod .*busybox\nhint: .*main/);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it.each(['pending', 'finished'])('no pod that is %s', async (source) => {
    const { exitCode, report: found } = await pingServer(source);
    expect(found.results[0]).toMatchObject({ verdict: 'unsupported', reason: 'PodNotRunning', attempts: 0 });
    expect(exitCode).toBe(5);
  });

  it('a pod on a node, with the node as its name', async () => {
    const { exitCode, report: found } = await report(['ping', '-n', namespace, 'node/node1', 'server', ...quick]);
    expect(found.results[0]).toMatchObject({ verdict: 'pass', source: { node: 'node1', namespace } });
    expect(exitCode).toBe(0);
  });
});

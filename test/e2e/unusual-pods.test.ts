// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Report } from '../../src/model/report.js';
import { report } from './cli.js';
import { createNamespace, createReady, deleteNamespace, getPod, images, kubectl, podManifest } from './kubectl.js';
import { ephemeralContainers, readySlices, serverPod, service } from './manifests.js';
import { ownPods } from './own-pods.js';
import { hintsOf } from './results.js';

let namespace = '';
const quick = ['--count', '2', '--interval', '20ms'];
const sleep = ['sh', '-c', "trap 'exit 0' TERM; sleep 2147483647 & wait"];
/** It does not end before it is killed. */
const stubborn = ['sh', '-c', "trap '' TERM; while :; do sleep 1; done"];

/** What no controller or kubelet looks after: a node that is not there. */
const nowhere = { nodeName: 'no-such-node', nodeSelector: undefined };

beforeAll(async () => {
  namespace = await createNamespace('unusual');
  const two = [
    { name: 'main', image: images.web },
    { name: 'netmachinery-1', image: images.busybox, command: sleep },
  ];
  await createReady(
    namespace,
    serverPod('server'),
    podManifest('debugged'),
    podManifest('named', { spec: { containers: two } }),
    podManifest('shared', { spec: { shareProcessNamespace: true } }),
    podManifest('identity', { spec: { securityContext: { runAsNonRoot: true, runAsUser: 4711, runAsGroup: 4711 } } }),
    podManifest('going', { image: images.busybox, command: stubborn, spec: { terminationGracePeriodSeconds: 600 } }),
    podManifest('on-host', { image: images.busybox, command: sleep, spec: { hostNetwork: true } }),
    service('on-host', { selector: { app: 'on-host' }, ports: [{ port: 80 }] }),
  );
  await readySlices(namespace, 'on-host', 1);
  const stuck = [{ name: 'stuck', image: images.busybox, command: sleep }];
  const mirror = podManifest('mirror', { spec: nowhere }) as { metadata: { annotations?: object } };
  mirror.metadata.annotations = { 'kubernetes.io/config.mirror': 'd41d8cd98f00b204e9800998ecf8427e' };
  const unready = [
    podManifest('init', { spec: { initContainers: stuck } }),
    podManifest('windows', { spec: { os: { name: 'windows' }, nodeSelector: { 'kubernetes.io/os': 'windows' } } }),
    mirror,
  ];
  const list = { apiVersion: 'v1', kind: 'List', items: unready };
  await kubectl(['create', '-n', namespace, '-f', '-'], JSON.stringify(list));
  const running = 'jsonpath={.status.initContainerStatuses[0].state.running.startedAt}';
  await kubectl(['wait', '-n', namespace, 'pod/init', `--for=${running}`, '--timeout=60s']);
  await kubectl(['delete', 'pod', '-n', namespace, 'going', '--wait=false']);
});
afterAll(async () => {
  await kubectl([
    'delete',
    'pod',
    '-n',
    namespace,
    'going',
    'mirror',
    '--force',
    '--grace-period=0',
    '--ignore-not-found',
  ]);
  await deleteNamespace(namespace);
});

const ping = (source: string, ...flags: string[]): Promise<{ exitCode: number | null; report: Report }> =>
  report(['ping', '-n', namespace, source, 'server', ...quick, ...flags]);
const passed = [expect.objectContaining({ verdict: 'pass', received: 2 })];
const namesIn = async (pod: string) => (await ephemeralContainers(namespace))[pod];

describe.concurrent('a pod', () => {
  it("with somebody else's debug container gets ours beside it, and theirs goes on", async () => {
    await ownPods(namespace, 'debugged');
    const debug = [
      'debug',
      '-n',
      namespace,
      'debugged',
      '-c',
      'theirs',
      '--image',
      images.busybox,
      '--profile=general',
    ];
    await kubectl([...debug, '--image-pull-policy=IfNotPresent', '--', 'sleep', '3600']);
    expect((await ping('debugged')).report.results).toEqual(passed);
    expect((await ping('debugged')).report.results).toEqual(passed);
    expect((await namesIn('debugged'))?.sort()).toEqual(['netmachinery-1', 'theirs']);
    const reported = async () => {
      const { status } = await getPod(namespace, 'debugged');
      const states = status?.ephemeralContainerStatuses?.map(({ state }) => Object.keys(state ?? {}).join());
      expect(states).toEqual(['running', 'running']);
    };
    await vi.waitFor(reported, { timeout: 20_000, interval: 300 });
  });

  it('with a container of its own that has our name gets the next one', async () => {
    await ownPods(namespace, 'named');
    expect((await ping('named')).report.results).toEqual(passed);
    expect(await namesIn('named')).toEqual(['netmachinery-2']);
  });

  it('that shares its process namespace is probed, and none of its own processes ends', async () => {
    for (const flags of [[], ['--raw']]) expect((await ping('shared', ...flags)).report.results).toEqual(passed);
    const { status } = await getPod(namespace, 'shared');
    expect(status?.containerStatuses).toMatchObject([{ restartCount: 0, ready: true }]);
  });

  it('with a user of its own gives it neither to the plain nor to the raw container', async () => {
    for (const flags of [[], ['--raw']]) expect((await ping('identity', ...flags)).report.results).toEqual(passed);
    expect((await namesIn('identity'))?.sort()).toEqual(['netmachinery-1', 'netmachinery-raw-1']);
  });

  it('whose init containers are stuck is probed, with a warning that it is not ready', async () => {
    const { exitCode, report: found } = await ping('init');
    expect(found.results).toEqual(passed);
    expect(found.warnings).toEqual([
      `${namespace}/init: this source is not ready (its init containers have not finished)`,
    ]);
    expect(exitCode).toBe(0);
  });

  it.each([
    ['mirror', 'StaticPod', 'is a static pod'],
    ['windows', 'WindowsPod', 'runs Windows'],
    ['going', 'PodNotRunning', 'is being deleted'],
  ])('that is %s is refused, as %s', async (pod, reason, words) => {
    const { exitCode, report: found } = await ping(pod);
    expect(found.results).toMatchObject([{ verdict: 'unsupported', reason, attempts: 0 }]);
    expect(found.results[0]?.message).toBe(`pod ${namespace}/${pod} ${words}`);
    expect(hintsOf(found, found.results[0])[0]).toMatch(/; \S/);
    expect(exitCode).toBe(5);
    expect(await namesIn(pod)).toBeUndefined();
  });

  it("in its node's network is a source with a warning, and a destination with another", async () => {
    const from = await ping('on-host', '--raw');
    expect(from.report.results).toEqual(passed);
    expect(from.report.warnings).toEqual([
      `${namespace}/on-host: this source is in the network of its node (hostNetwork): NetworkPolicies for pods do not apply to it`,
    ]);
    const unprivileged = await ping('on-host');
    expect(unprivileged.report.results[0]?.reason).toBe('PingNotPermitted');
    expect(unprivileged.report.warnings[0]).toMatch(/, and unprivileged ping may be refused there \(--raw\)$/);
    for (const to of ['on-host', 'svc/on-host']) {
      const words = ['ping', '-n', namespace, 'identity', to, ...quick, '--ip-families', 'ipv4'];
      const { report: found } = await report(words);
      expect(found.warnings).toContain(
        `${namespace}/on-host: this destination is in the network of its node (hostNetwork): NetworkPolicies for pods do not apply to it`,
      );
    }
  });
});

// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pod } from '../../src/kube/objects.js';
import { faultProxy } from '../integration/kube/fault-proxy.js';
import { netmachinery, report, runUntil } from './cli.js';
import { createNamespace, createReady, deleteNamespace, getPod, images, kubectl, podManifest } from './kubectl.js';
import { ephemeralContainers, readySlices, serverPod, service, type Slice } from './manifests.js';
import { ownPods } from './own-pods.js';
import { hintsOf } from './results.js';
import { asAccount, coreRule, serviceAccount } from './service-accounts.js';

let namespace = '';
let tightened = '';
const quick = ['--count', '3', '--interval', '20ms'];
const long = ['--count', '1000', '--interval', '100ms', '-o', 'json'];
const readPods = coreRule(['pods'], ['get', 'list']);
const probePods = coreRule(['pods'], ['create', 'delete']);
const execInPods = coreRule(['pods/exec'], ['get', 'create']);
const listServices = coreRule(['services'], ['list']);

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web', tier: 'front' } },
      spec: {
        terminationGracePeriodSeconds: 1,
        nodeSelector: { 'kubernetes.io/hostname': 'node1' },
        containers: [{ name: 'main', image: images.web }],
      },
    },
  },
};

const budget = (name: string, limit: object) => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name },
  spec: { selector: { matchLabels: { app: 'budgeted' } }, ...limit },
});

beforeAll(async () => {
  [namespace, tightened] = await Promise.all([createNamespace('probe-pod'), createNamespace('probe-pod-tight')]);
  const sources = ['int', 'term', 'twice', 'kill', 'no-image', 'few', 'no-delete', 'refused', 'crowd-1', 'crowd-2'];
  const others = ['shaky', 'stuck', 'stalled', 'late', 'budgeted'];
  const finished = podManifest('finished', {
    image: images.busybox,
    command: ['true'],
    spec: { restartPolicy: 'Never' },
  });
  const published = service('published', {
    selector: { app: 'published' },
    clusterIP: 'None',
    publishNotReadyAddresses: true,
    ports: [{ port: 8080 }],
  });
  const port = { name: 'http', port: 80, targetPort: 8080 };
  await Promise.all([
    createReady(tightened, podManifest('root')),
    createReady(
      namespace,
      service('web', { selector: { app: 'web' }, ports: [port] }),
      published,
      deployment,
      serverPod('server'),
      podManifest('published'),
      ...others.map((name) => podManifest(name, { labels: { app: name } })),
      podManifest('copied', { labels: { copied: 'yes' } }),
      podManifest('copy', { labels: { copied: 'yes', 'netmachinery.io/probe-pod': 'true' } }),
      budget('by-scale', { maxUnavailable: 1 }),
      budget('by-share', { minAvailable: '50%' }),
      budget('by-number', { minAvailable: 1 }),
      ...sources.map((name) => podManifest(name, name.startsWith('crowd') ? { labels: { crowd: 'yes' } } : {})),
      ...serviceAccount(namespace, 'few', [readPods, probePods, execInPods, listServices]),
      ...serviceAccount(namespace, 'no-delete', [readPods, coreRule(['pods'], ['create']), execInPods, listServices]),
      ...serviceAccount(namespace, 'no-services', [readPods, probePods, execInPods]),
    ),
  ]);
  await kubectl(['label', 'namespace', tightened, 'pod-security.kubernetes.io/enforce=restricted']);
  await kubectl(['create', '-n', namespace, '-f', '-'], JSON.stringify(finished));
  await kubectl(['wait', '-n', namespace, 'pod/finished', '--for=jsonpath={.status.phase}=Succeeded', '--timeout=60s']);
});
afterAll(() => Promise.all([deleteNamespace(namespace), deleteNamespace(tightened)]));

async function probePodsLike(source: string, where = namespace): Promise<Pod[]> {
  const listed = await kubectl(['get', 'pods', '-n', where, '-l', 'netmachinery.io/probe-pod', '-o', 'json']);
  const { items } = JSON.parse(listed) as { items: Pod[] };
  return items.filter(({ metadata }) => metadata.annotations?.['netmachinery.io/source-pod'] === `${where}/${source}`);
}

/** Those that are not on their way out: the removal is asked for before we end, and takes a moment. */
const probePodsLeft = async (source: string, where?: string) =>
  (await probePodsLike(source, where)).filter(({ metadata }) => metadata.deletionTimestamp === undefined);

const runs = (source: string) => async () => {
  const [pod] = await probePodsLike(source);
  return pod?.status?.containerStatuses?.[0]?.state?.running !== undefined;
};

const words = (line: string) => line.split(' ') as [string, string];

const addresses = (slices: Slice[], ready: boolean) =>
  slices
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => (conditions.ready === true) === ready)
    .flatMap((endpoint) => endpoint.addresses)
    .sort();

describe.concurrent('--probe-pod', () => {
  it('sends from a pod with the labels, account and node of the source, says so, and removes it', async () => {
    const args = ['ping', '-n', namespace, 'pod/crowd-1', 'server', ...quick, '--probe-pod', '--reason', 'INC-1'];
    const { exitCode, stderr, report: found } = await report(args);
    expect(stderr).toBe(
      `Note: 1 pod is created (netmachinery-probe-... like ${namespace}/crowd-1) and removed afterwards\n`,
    );
    const [result] = found.results;
    expect(result).toMatchObject({
      verdict: 'pass',
      source: { namespace, pod: expect.stringMatching(/^netmachinery-probe-/) as string, node: 'node1' },
      labels: { probePodFor: `${namespace}/crowd-1` },
    });
    const { status } = await getPod(namespace, 'crowd-1');
    expect(result?.source.ip).toMatch(/^[0-9.]+$/);
    expect(result?.source.ip).not.toBe(status?.podIP);
    expect(found.warnings).toEqual([
      `${namespace}/${result?.source.pod ?? ''} sent for ${namespace}/crowd-1: it has the same labels, service account and node, ` +
        "but another name and address, and neither the pod's own network namespace nor its sidecars",
    ]);
    expect(exitCode).toBe(0);
    expect(await probePodsLeft('crowd-1')).toEqual([]);
    expect(await ephemeralContainers(namespace)).not.toHaveProperty('crowd-1');
  });

  it("takes no part in a Deployment's replicas or a Service's ready endpoints while it runs", async () => {
    const podsOf = async () => {
      const pods = JSON.parse(await kubectl(['get', 'pods', '-n', namespace, '-l', 'app=web', '-o', 'json'])) as {
        items: Pod[];
      };
      return pods.items.filter(({ metadata }) => metadata.labels?.['netmachinery.io/probe-pod'] === undefined);
    };
    const before = await podsOf();
    const replicas = before.map(({ metadata: { uid } }) => uid).sort();
    const endpoints = addresses(await readySlices(namespace, 'web', 2), true);
    const source = before[0]?.metadata.name ?? '';
    let seen: { ready: string[]; unready: string[]; probePod: Pod | undefined } | undefined;
    const observed = async () => {
      if (!(await runs(source)())) return false;
      // The controllers hear of it at once; this is many times as long.
      await new Promise((resolve) => setTimeout(resolve, 3000));
      const slices = await readySlices(namespace, 'web', 2);
      const [probePod] = await probePodsLike(source);
      seen = { ready: addresses(slices, true), unready: addresses(slices, false), probePod };
      return true;
    };
    const args = ['ping', '-n', namespace, `pod/${source}`, 'server', ...long, '--probe-pod'];
    const { exitCode } = await runUntil(args, observed, 'SIGINT');
    expect(exitCode).toBe(130);
    expect(seen?.ready).toEqual(endpoints);
    expect(endpoints).not.toContain(seen?.probePod?.status?.podIP);
    expect(seen?.probePod?.metadata.labels).toMatchObject({ app: 'web', tier: 'front' });
    expect(seen?.probePod?.metadata.ownerReferences).toMatchObject([{ kind: 'Pod', name: source, controller: true }]);
    expect(seen?.probePod?.status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', status: 'False' }),
    );
    expect((await podsOf()).map(({ metadata: { uid } }) => uid).sort()).toEqual(replicas);
    expect(addresses(await readySlices(namespace, 'web', 2), true)).toEqual(endpoints);
    expect(await probePodsLeft(source)).toEqual([]);
  });

  it('takes the place of a pod that has finished, which offers it', async () => {
    const without = await report(['ping', '-n', namespace, 'pod/finished', 'server', ...quick]);
    expect(without.report.results[0]).toMatchObject({ verdict: 'unsupported', reason: 'PodNotRunning' });
    expect(hintsOf(without.report, without.report.results[0]).join()).toContain('--probe-pod');
    const args = ['connect', '-n', namespace, 'pod/finished', 'pod/server:8080', '--probe-pod'];
    const { report: found, exitCode } = await report([...args, '--ip-families', 'ipv4']);
    expect(found.results[0]).toMatchObject({ verdict: 'pass', reason: 'Connected' });
    expect(exitCode).toBe(0);
  });

  it('takes the place of a pod that itself violates the PodSecurity of its namespace, which offers it', async () => {
    const server = `${namespace}/pod/server`;
    const without = await report(['ping', '-n', tightened, 'root', server, ...quick]);
    expect(without.report.results[0]).toMatchObject({ verdict: 'unsupported', reason: 'PodSecurityDenied' });
    expect(hintsOf(without.report, without.report.results[0]).join()).toContain('--probe-pod');
    const { report: found } = await report(['ping', '-n', tightened, 'root', server, ...quick, '--probe-pod']);
    expect(found.results[0]).toMatchObject({ verdict: 'pass', received: 3 });
    const raw = await report(['ping', '-n', tightened, 'root', server, ...quick, '--probe-pod', '--raw']);
    expect(raw.report.results[0]).toMatchObject({ verdict: 'unsupported', reason: 'PodSecurityDenied' });
    expect(raw.report.results[0]?.message).toContain('NET_RAW');
    expect(raw.stderr).toBe('');
    expect(await probePodsLeft('root', tightened)).toEqual([]);
  });

  it.each([
    ['SIGINT', 'int'],
    ['SIGTERM', 'term'],
  ] as const)('is removed after %s', async (signal, source) => {
    const args = ['ping', '-n', namespace, source, 'server', ...long, '--probe-pod'];
    const { exitCode, stdout, msSinceSignal } = await runUntil(args, runs(source), signal);
    expect(exitCode).toBe(130);
    expect(stdout).toContain('"Interrupted"');
    expect(msSinceSignal).toBeLessThan(10_000);
    expect(await probePodsLeft(source)).toEqual([]);
  });

  it('is removed when the run is interrupted before it runs', async () => {
    const args = ['ping', '-n', namespace, 'twice', 'server', ...long, '--probe-pod'];
    const announced = (stderr: string) => Promise.resolve(stderr.includes('Note: 1 pod is created'));
    const { exitCode } = await runUntil(args, announced, 'SIGINT');
    expect(exitCode).toBe(130);
    expect(await probePodsLeft('twice')).toEqual([]);
  });

  it('ends by itself when we are killed, and goes with its source', async () => {
    await ownPods(namespace, 'kill');
    const args = ['ping', '-n', namespace, 'kill', 'server', ...long, '--probe-pod', '--idle', '2s'];
    await runUntil(args, runs('kill'), 'SIGKILL');
    const [pod] = await probePodsLike('kill');
    const name = `pod/${pod?.metadata.name ?? ''}`;
    await kubectl(['wait', '-n', namespace, name, '--for=jsonpath={.status.phase}=Succeeded', '--timeout=60s']);
    await kubectl(['delete', 'pod', '-n', namespace, 'kill']);
    await kubectl(['wait', '-n', namespace, name, '--for=delete', '--timeout=60s']);
  });

  it("is removed when it cannot start, with the kubelet's words", async () => {
    const image = 'docker.io/netmachinery-test/absent:1';
    const args = ['ping', '-n', namespace, 'no-image', 'server', '--probe-pod', '--image', image];
    const { report: found, exitCode, ms } = await report(args);
    expect(found.results[0]).toMatchObject({ verdict: 'error', reason: 'ImageNotPulled' });
    expect(found.results[0]?.message).toMatch(/ErrImagePull: .*absent/);
    expect(exitCode).toBe(3);
    // Long before --tool-timeout (60 s).
    expect(ms).toBeLessThan(40_000);
    expect(await probePodsLeft('no-image')).toEqual([]);
  });

  it('needs no more than to create, read and delete pods, to list services and to execute', async () => {
    const args = ['ping', '-n', namespace, 'few', 'pod/server', ...quick, '--probe-pod'];
    const { report: found, exitCode } = await report([...args, ...asAccount(namespace, 'few')]);
    expect(found.results[0]).toMatchObject({ verdict: 'pass' });
    expect(exitCode).toBe(0);
    expect(await probePodsLeft('few')).toEqual([]);
  });

  it('is refused to whoever could not remove it, before anything is created', async () => {
    const args = ['ping', '-n', namespace, 'no-delete', 'server', '--probe-pod', ...asAccount(namespace, 'no-delete')];
    const { stderr, exitCode } = await netmachinery(args);
    expect(stderr).toMatch(/not allowed to delete pods/);
    expect(exitCode).toBe(3);
    expect(await probePodsLike('no-delete')).toEqual([]);
  });

  it('is refused to whoever may not see whether a Service would send traffic to it', async () => {
    const args = ['ping', '-n', namespace, 'refused', 'server', '--probe-pod', ...asAccount(namespace, 'no-services')];
    const { stderr, exitCode } = await netmachinery(args);
    expect(stderr).toMatch(/not allowed to list services/);
    expect(exitCode).toBe(3);
    expect(await probePodsLike('refused')).toEqual([]);
  });

  it('says beforehand and in the report under which PodDisruptionBudgets nothing may be evicted meanwhile', async () => {
    const { stderr, report: found } = await report([
      ...['ping', '-n', namespace, 'budgeted', 'server', ...quick, '--probe-pod'],
    ]);
    const names = `PodDisruptionBudgets ${namespace}/by-scale, ${namespace}/by-share:`;
    expect(stderr).toContain(names);
    expect(found.warnings.join('\n')).toContain(names);
    expect(found.results[0]).toMatchObject({ verdict: 'pass' });
  });

  it('is no source and no destination for others, unless it is named', async () => {
    const from = await report(['ping', '-n', namespace, '-l', 'copied=yes', '--mode', 'all', 'server', ...quick]);
    expect(from.report.results.map(({ source }) => source.pod)).toEqual(['copied']);
    const to = await report(['ping', '-n', namespace, 'server', '--to-selector', 'copied=yes', ...quick]);
    expect(to.report.results.map(({ destination }) => destination.name)).toEqual(['copied']);
    const named = await report(['ping', '-n', namespace, 'pod/copied', 'pod/copy', ...quick]);
    expect(named.report.results.map(({ destination }) => destination.name)).toEqual(['copy']);
  });

  it('is removed although the server fails for a while', async () => {
    let failures = 0;
    const proxy = await faultProxy(({ method, url = '' }) => {
      if (method !== 'DELETE' || !url.includes('/pods/netmachinery-probe-')) return 'pass';
      failures += 1;
      return failures === 1 ? { status: 503 } : failures === 2 ? 'cut' : 'pass';
    });
    try {
      const args = ['ping', '-n', namespace, 'shaky', 'server', ...quick, '--probe-pod', '--server', proxy.url];
      const { exitCode, stderr } = await netmachinery(args);
      expect({ exitCode, failures }).toEqual({ exitCode: 0, failures: 3 });
      expect(stderr).not.toContain('error');
      expect(await probePodsLeft('shaky')).toEqual([]);
    } finally {
      await proxy.close();
    }
  });

  it('is named with the way to remove it, and the run fails, where it cannot be removed', async () => {
    const isRemoval = (url = '') => url.includes('/pods/netmachinery-probe-');
    const proxy = await faultProxy(({ method, url }) =>
      method === 'DELETE' && isRemoval(url) ? { status: 503 } : 'pass',
    );
    try {
      const args = ['ping', '-n', namespace, 'stuck', 'server', ...quick, '--probe-pod', '--server', proxy.url];
      const before = (await probePodsLeft('stuck')).map(({ metadata: { uid } }) => uid);
      const { exitCode, stderr, report: found } = await report(args);
      const left = (await probePodsLeft('stuck')).find(({ metadata: { uid } }) => !before.includes(uid));
      const name = left?.metadata.name ?? '';
      expect(stderr).toMatch(new RegExp(`^error: pod ${namespace}/${name} was not removed`, 'm'));
      expect(stderr).toContain(`kubectl delete pod -n ${namespace} ${name}\n`);
      expect(found.results[0]).toMatchObject({ verdict: 'pass' });
      expect(exitCode).toBe(3);
    } finally {
      await proxy.close();
    }
  });

  const isCreation = (method = '', url = '') =>
    method === 'POST' && url.startsWith(`/api/v1/namespaces/${namespace}/pods`) && !url.includes('dryRun');

  it('is removed also where it is created only after its removal was asked for', async () => {
    const proxy = await faultProxy(({ method, url }) => (isCreation(method, url) ? { delayMs: 5000 } : 'pass'));
    try {
      const args = ['ping', '-n', namespace, 'late', 'server', ...long, '--probe-pod', '--server', proxy.url];
      const asked = () => Promise.resolve(proxy.requests.some((line) => isCreation(...words(line))));
      const { exitCode, stderr } = await runUntil(args, asked, 'SIGINT');
      expect(exitCode).toBe(130);
      expect(stderr).not.toContain('error');
      expect(proxy.requests.filter((line) => line.startsWith('DELETE'))).toHaveLength(2);
      expect(await probePodsLeft('late')).toEqual([]);
    } finally {
      await proxy.close();
    }
  });

  it('is not waited for long when the run is interrupted before the server answers', async () => {
    const proxy = await faultProxy(({ method, url }) => (isCreation(method, url) ? 'stall' : 'pass'));
    try {
      const args = ['ping', '-n', namespace, 'stalled', 'server', ...long, '--probe-pod', '--server', proxy.url];
      const asked = () => Promise.resolve(proxy.requests.some((line) => isCreation(...words(line))));
      const { exitCode, stderr, msSinceSignal } = await runUntil(args, asked, 'SIGINT');
      expect(exitCode).toBe(130);
      expect(stderr).toMatch(/error: pod \S+ may still be created, .*kubectl delete pod/);
      expect(msSinceSignal).toBeLessThan(20_000);
    } finally {
      await proxy.close();
    }
  });

  it('is refused where a Service publishes pods that are not ready', async () => {
    const { stderr, exitCode } = await netmachinery(['ping', '-n', namespace, 'published', 'server', '--probe-pod']);
    expect(stderr).toContain(`service ${namespace}/published publishes pods that are not ready`);
    expect(exitCode).toBe(5);
    expect(await probePodsLike('published')).toEqual([]);
  });

  it('counts for --max-pods', async () => {
    const args = ['ping', '-n', namespace, '-l', 'crowd=yes', '--mode', 'all', 'server', '--probe-pod'];
    const { stderr, exitCode } = await netmachinery([...args, '--max-pods', '1']);
    expect(stderr).toMatch(/--max-pods 2/);
    expect(exitCode).toBe(2);
  });
});

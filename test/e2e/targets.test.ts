// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { netmachinery, report } from './cli.js';
import { createAnew, createNamespace, deleteNamespace, images, kubectl } from './kubectl.js';
import { ephemeralContainers, readySlices, serverPod, service } from './manifests.js';

let namespace: string;
let folder: string;
let kubeconfig: string;
/** Names of the pods of each app, in their order. */
let pods: Record<string, string[]>;

function template(app: string, spec: object = {}): object {
  return {
    metadata: { labels: { app } },
    spec: {
      terminationGracePeriodSeconds: 1,
      nodeSelector: { 'kubernetes.io/hostname': 'node1' },
      containers: [{ name: 'main', image: images.web }],
      ...spec,
    },
  };
}

function workload(kind: string, app: string, spec: object = {}): object {
  const selector = { matchLabels: { app } };
  return { apiVersion: 'apps/v1', kind, metadata: { name: app }, spec: { selector, template: template(app), ...spec } };
}

const job = { backoffLimit: 0, template: template('once', { restartPolicy: 'Never' }) };
const cronJob = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'nightly' },
  spec: {
    schedule: '0 0 1 1 *',
    suspend: true,
    jobTemplate: { spec: { template: template('nightly', { restartPolicy: 'Never' }) } },
  },
};

async function podsByApp(): Promise<Record<string, string[]>> {
  interface Items {
    items: { metadata: { name: string; labels: { app: string } } }[];
  }
  const { items } = JSON.parse(await kubectl(['get', 'pods', '-n', namespace, '-o', 'json'])) as Items;
  const found: Record<string, string[]> = {};
  for (const { metadata } of items) (found[metadata.labels.app] ??= []).push(metadata.name);
  return found;
}

async function contextOfNamespace(): Promise<string> {
  interface Config {
    contexts: { context: { namespace?: string } }[];
  }
  const config = JSON.parse(await kubectl(['config', 'view', '--raw', '--flatten', '-o', 'json'])) as Config;
  for (const { context } of config.contexts) context.namespace = namespace;
  const file = join(folder, 'config');
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netmachinery-targets-'));
  namespace = await createNamespace('targets');
  const objects = [
    workload('Deployment', 'web', { replicas: 3 }),
    workload('StatefulSet', 'db', { serviceName: 'db', replicas: 1 }),
    workload('DaemonSet', 'agent'),
    workload('ReplicaSet', 'solo', { replicas: 1 }),
    { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'once' }, spec: job },
    cronJob,
    service('web', { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] }),
    serverPod('server'),
    serverPod('other', { labels: { app: 'other', tier: 'back' } }),
  ];
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  await kubectl(['create', '-n', namespace, '-f', '-'], JSON.stringify(list));
  await kubectl(['create', 'job', '-n', namespace, 'nightly-1', '--from=cronjob/nightly']);
  await kubectl(['wait', '-n', namespace, '--for=condition=Available', 'deployment/web', '--timeout=90s']);
  for (const label of ['db', 'agent', 'solo', 'once', 'nightly']) {
    await kubectl(['wait', '-n', namespace, '--for=create', 'pod', '-l', `app=${label}`, '--timeout=60s']);
  }
  await kubectl(['wait', '-n', namespace, '--for=condition=Ready', 'pod', '--all', '--timeout=90s']);
  await readySlices(namespace, 'web', 3);
  pods = await podsByApp();
  kubeconfig = await contextOfNamespace();
});

afterAll(async () => {
  await rm(folder, { recursive: true });
  await deleteNamespace(namespace);
});

const attempt = ['--attempts', '1'];

/** Names of the source pods that words stand for. */
async function sourcesOf(...words: string[]): Promise<string[]> {
  const { report: found } = await report(['connect', '-n', namespace, ...words, ...attempt]);
  expect(found.summary.pass).toBe(found.summary.total);
  return [...new Set(found.results.map(({ source }) => source.pod))];
}

/** Names of the destination pods that words stand for. */
async function destinationsOf(...words: string[]): Promise<(string | undefined)[]> {
  const { report: found } = await report(['connect', '-n', namespace, 'server', ...words, ...attempt]);
  expect(found.summary.pass).toBe(found.summary.total);
  return found.results.map(({ destination }) => destination.name);
}

const podSpellings = ['server', 'pod/server', 'pods/server', 'po/server', 'Pod/server', 'pods.v1./server'];
const workloadSpellings: [word: string, app: string][] = [
  ['deploy/web', 'web'],
  ['deployment/web', 'web'],
  ['deployments.apps/web', 'web'],
  ['sts/db', 'db'],
  ['statefulset/db', 'db'],
  ['ds/agent', 'agent'],
  ['rs/solo', 'solo'],
  ['job/once', 'once'],
  ['cronjob/nightly', 'nightly'],
  ['cj/nightly', 'nightly'],
];

describe('a source', () => {
  it.each(podSpellings)('is the pod %s', async (word) => {
    expect(await sourcesOf(word, 'pod/other:8080')).toEqual(['server']);
  });

  it.each(workloadSpellings)('is the first pod of %s', async (word, app) => {
    expect(await sourcesOf(word, 'pod/other:8080')).toEqual([pods[app]?.[0]]);
  });

  it('is TYPE NAME, and NAMESPACE/TYPE/NAME whatever -n says', async () => {
    expect(await sourcesOf('pod', 'server', 'pod', 'other:8080')).toEqual(['server']);
    expect(await sourcesOf('deploy', 'web', 'pod/other:8080')).toEqual([pods['web']?.[0]]);
    const words = [`${namespace}/pod/server`, `${namespace}/pod/other:8080`];
    const elsewhere = await report(['connect', '-n', 'default', ...words, ...attempt]);
    expect(elsewhere.exitCode).toBe(0);
    expect(elsewhere.report.results[0]).toMatchObject({
      source: { namespace, pod: 'server' },
      destination: { namespace, name: 'other' },
    });
  });

  it('comes first, even where the value of a flag before it reads like the destination', async () => {
    expect(await sourcesOf('--payload', 'other:8080', 'server', 'other:8080')).toEqual(['server']);
  });

  it('is a ready pod of a Service', async () => {
    expect(await sourcesOf('svc/web', 'pod/other:8080', '--mode', 'all')).toEqual(pods['web']);
  });

  it('is one pod of a node, of the namespace', async () => {
    const [source] = await sourcesOf('node/node1', 'pod/other:8080');
    expect(Object.values(pods).flat()).toContain(source);
  });

  it('is by label, and then all words are destinations', async () => {
    const { report: found } = await report([
      'connect',
      '-n',
      namespace,
      '-l',
      'app=other,tier in (back)',
      'pod/server:8080',
      'sts/db:8080',
      ...attempt,
    ]);
    expect(found.results.map(({ source, destination }) => `${source.pod} ${destination.ref}`)).toEqual([
      'other pod/server:8080',
      'other sts/db:8080',
    ]);
  });

  it('stays on the node of --from-node', async () => {
    expect(await sourcesOf('deploy/web', 'pod/other:8080', '--from-node', 'node1')).toEqual([pods['web']?.[0]]);
    const run = await netmachinery(['connect', '-n', namespace, 'deploy/web', 'other:80', '--from-node', 'nowhere']);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('nodes "nowhere" not found');
  });

  it("is in the context's namespace where none is said", async () => {
    const run = await report(['connect', '--kubeconfig', kubeconfig, 'server', 'other:8080', ...attempt]);
    expect(run.exitCode).toBe(0);
    expect(run.report.results[0]?.source).toMatchObject({ namespace, pod: 'server' });
  });

  it('is printed as a name that kubectl takes', async () => {
    const words = ['connect', '-n', namespace, 'deploy/web', 'other:8080', '--mode', 'all', '-o', 'name', ...attempt];
    const { stdout, exitCode } = await netmachinery(words);
    expect(exitCode).toBe(0);
    expect(stdout.trim().split('\n')).toEqual(pods['web']?.map((name) => `pod/${name}`));
  });
});

describe('--mode', () => {
  it.each([
    ['all', 3],
    ['2', 2],
    ['34%', 2],
    ['1%', 1],
    ['one', 1],
  ])('%s is %i of three pods, the first by name', async (mode, count) => {
    expect(await sourcesOf('deploy/web', 'pod/other:8080', '--mode', mode)).toEqual(pods['web']?.slice(0, count));
  });

  it('random is any one of them', async () => {
    const chosen = await sourcesOf('deploy/web', 'pod/other:8080', '--mode', 'random');
    expect(chosen).toHaveLength(1);
    expect(pods['web']).toContain(chosen[0]);
  });

  it('is refused for more pods than --max-pods, or than there are, before anything is touched', async () => {
    const before = await ephemeralContainers(namespace);
    const words = ['connect', '-n', namespace, 'deploy/web', 'other:8080'];
    const many = await netmachinery([...words, '--mode', 'all', '--max-pods', '2']);
    expect(many).toMatchObject({ exitCode: 2, stdout: '' });
    expect(many.stderr).toContain('deploy/web means 3 pods, more than --max-pods 2');
    const more = await netmachinery([...words, '--mode', '4']);
    expect(more).toMatchObject({ exitCode: 2, stdout: '' });
    expect(more.stderr).toContain('--mode 4 asks for 4 pods, and deploy/web has 3');
    expect(await ephemeralContainers(namespace)).toEqual(before);
  });
});

describe('a destination', () => {
  it.each(podSpellings)('is the pod %s', async (word) => {
    expect(await destinationsOf(`${word}:8080`)).toEqual(['server']);
  });

  it('is every pod of workloads, in one run', async () => {
    const words = ['deploy/web', 'sts/db', 'ds/agent', 'rs/solo', 'job/once', 'cronjob/nightly'];
    const expected = ['web', 'db', 'agent', 'solo', 'once', 'nightly'].flatMap((app) => pods[app] ?? []);
    expect(await destinationsOf(...words.map((word) => `${word}:8080`))).toEqual(expected);
  });

  it('is TYPE NAME, and NAMESPACE/TYPE/NAME', async () => {
    expect(await destinationsOf('sts', 'db:8080', `${namespace}/po/other:8080`)).toEqual([pods['db']?.[0], 'other']);
  });

  it('is by label with --to-selector, alone and beside words', async () => {
    expect(await destinationsOf('--to-selector', 'app=web:8080')).toEqual(pods['web']);
    expect(await destinationsOf('other:8080', '--to-selector', 'tcp://app in (db,solo):8080')).toEqual([
      'other',
      pods['db']?.[0],
      pods['solo']?.[0],
    ]);
  });

  it("is a node's address", async () => {
    const addresses = '{.status.addresses[?(@.type=="InternalIP")].address}';
    const known = (await kubectl(['get', 'node', 'node1', '-o', `jsonpath=${addresses}`])).split(' ');
    // The kubelet's port.
    const run = await report(['connect', '-n', namespace, 'server', 'node/node1:10250', ...attempt]);
    expect(run.exitCode).toBe(0);
    expect(run.report.results[0]?.destination).toMatchObject({ kind: 'node', name: 'node1', node: 'node1' });
    expect(known).toContain(run.report.results[0]?.destination.address);
  });

  it('is a host name, resolved inside the source pod', async () => {
    const clusterIp = await kubectl(['get', 'svc', '-n', namespace, 'web', '-o', 'jsonpath={.spec.clusterIP}']);
    const host = `web.${namespace}.svc.cluster.local`;
    // `host/web` has no dot: only the search list of the pod's own resolver finds it.
    const run = await report(['connect', '-n', namespace, 'server', `${host}:80`, 'host/web:80', ...attempt]);
    expect(run.exitCode).toBe(0);
    expect(
      run.report.results.map(({ destination }) => [destination.kind, destination.name, destination.address]),
    ).toEqual([
      ['host', host, clusterIp],
      ['host', 'web', clusterIp],
    ]);
  });

  it('that has no pods fails without anything being sent', async () => {
    await createAnew(namespace, workload('Deployment', 'nobody', { replicas: 0 }));
    const run = await report(['connect', '-n', namespace, 'server', 'deploy/nobody:80']);
    expect(run.exitCode).toBe(1);
    expect(run.report.results[0]).toMatchObject({ verdict: 'fail', reason: 'NoEndpoints', attempts: 0 });
    expect(run.report.results[0]?.message).toContain('deploy/nobody has no pods');
  });
});

// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pod } from '../../src/kube/objects.js';
import { account, deleteClusterRoles } from './accounts.js';
import { netmachinery } from './cli.js';
import { createNamespace, createReady, deleteNamespace, images, kubectl } from './kubectl.js';

const base = join(import.meta.dirname, '../../plugins-manifest/agents/prober');
const containersOf = ({ spec }: Pod) => [...spec.containers, ...(spec.initContainers ?? [])].map(({ name }) => name);

let namespace: string;

beforeAll(async () => {
  namespace = await createNamespace('enable');
});
afterAll(async () => {
  await kubectl(['delete', 'networkprobers', '-n', namespace, '--all', '--ignore-not-found']).catch(() => undefined);
  await deleteNamespace(namespace);
  await deleteClusterRoles(namespace);
});

function deployment(name: string, labels: Record<string, string>): object {
  const spec = {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name, ...labels } },
      spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'main', image: images.static }] },
    },
  };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec };
}

async function podsOf(name: string): Promise<Pod[]> {
  const text = await kubectl(['get', 'pods', '-n', namespace, '-l', `app=${name}`, '-o', 'json']);
  return (JSON.parse(text) as { items: Pod[] }).items.filter(
    ({ metadata }) => metadata.deletionTimestamp === undefined,
  );
}

async function rollOut(name: string): Promise<void> {
  await kubectl(['rollout', 'status', '-n', namespace, `deploy/${name}`, '--timeout=90s']);
}

async function start(name: string, labels: Record<string, string>): Promise<void> {
  await createReady(namespace, deployment(name, labels));
}

const enable = (...words: string[]) =>
  netmachinery(['inject', 'enable', ...words, '-n', namespace, '--agent-image', images.agent]);

describe('inject enable', () => {
  it('installs what lacks, is seen to work, injects new pods, and changes nothing when it is said again', async () => {
    // Where this is tried again, it may be there.
    await netmachinery(['inject', 'disable', 'one', '-n', namespace]);
    await start('old', { mesh: 'one' });
    const first = await enable('one', '-l', 'mesh=one', '--period', '200ms');
    expect(first.stderr).toContain(`new pods that match get the prober: seen by a dry run in namespace ${namespace}`);
    expect(first.stderr).toContain('2 running pods match and have no prober');
    expect(first).toMatchObject({ exitCode: 0, stdout: 'networkprober.probes.bigmikes.io/one created\n' });

    await start('new', { mesh: 'one' });
    for (const pod of await podsOf('new')) expect(containersOf(pod)).toContain('net-prober');
    await expect
      .poll(
        async () => {
          const text = await kubectl(['get', 'networkprober', 'one', '-n', namespace, '-o', 'json']);
          return (JSON.parse(text) as { status?: { pods?: string[] } }).status?.pods?.length;
        },
        { timeout: 30_000 },
      )
      .toBe(2);

    const again = await enable('one', '-l', 'mesh=one', '--period', '200ms', '--restart');
    expect(again.stdout).toBe('networkprober.probes.bigmikes.io/one unchanged\n');
    expect(again.stderr).not.toMatch(/installing|updating|allowing/);
    expect(again.stderr).toContain('deployment.apps/old restarted');
    // It waits for the roll-out itself.
    for (const pod of await podsOf('old')) expect(containersOf(pod)).toContain('net-prober');
  });

  it('takes the manifest of k8s-network-prober, and says that its image is not allowed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'enable-'));
    const file = join(folder, 'prober.yaml');
    const manifest = (image: string) => `
apiVersion: probes.bigmikes.io/v1alpha1
kind: NetworkProber
metadata: {name: seed}
spec:
  podSelector: {matchLabels: {rtt: "on"}}
  httpPort: "9191"
  pollingPeriod: 5s
  httpPrometheusPort: "9192"
  agentImage: ${image}
`;
    await writeFile(file, manifest('registry.example/net-prober:1'));
    const refused = await enable('-f', file);
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toContain('ImageAllowed is False');
    await writeFile(file, manifest(images.agent));
    const taken = await enable('-f', file);
    expect(taken).toMatchObject({ exitCode: 0, stdout: 'networkprober.probes.bigmikes.io/seed configured\n' });
    await rm(folder, { recursive: true });
  });

  it('says all that is missing to somebody who may nothing, and what to do', async () => {
    const user = await account(namespace, 'nobody', ['version', '--hints']);
    const { exitCode, stderr } = await netmachinery([
      ...['inject', 'enable', 'mine', '-l', 'a=b', '-n', namespace],
      ...['--agent-image', 'registry.example/other:1', '--as', user],
    ]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('not allowed to');
    expect(stderr).toContain('rbac inject-agents');
  });

  it.each([
    [[], /no NetworkProber was named/],
    [['one'], /no pods were specified/],
    [['one', '-l', 'a=b,a=c'], /two values/],
    [['one', '-f', 'x.yaml'], /-f says what the NetworkProber is like/],
    [['one', '-l', 'a=b', '--ping-port', '1', '--metrics-port', '1'], /two ports/],
    [['one', '-l', 'a=b', '--period', '1ms'], /at least 10ms/],
    [['One!', '-l', 'a=b'], /can not be the name/],
  ])('refuses %j before it asks the cluster', async (words, message) => {
    const { exitCode, stdout, stderr } = await enable(...words);
    expect(stderr).toMatch(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  it('leaves no room for a selector that no pod can match', async () => {
    const { exitCode, stderr } = await enable('never', '-l', 'a=b,!a');
    expect(stderr).toContain('no pod can match the selector');
    expect(exitCode).toBe(2);
  });
});

describe('inject disable', () => {
  it('empties the peer list, and restarts what has a prober', async () => {
    expect((await enable('two', '-l', 'mesh=two')).exitCode).toBe(0);
    await start('two', { mesh: 'two' });
    const { exitCode, stdout, stderr } = await netmachinery(['inject', 'disable', 'two', '-n', namespace, '--restart']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'networkprober.probes.bigmikes.io "two" deleted\n' });
    expect(stderr).toContain('deployment.apps/two restarted');
    await rollOut('two');
    for (const pod of await podsOf('two')) expect(containersOf(pod)).not.toContain('net-prober');
  });

  it('says that there is no such NetworkProber', async () => {
    const { exitCode, stderr } = await netmachinery(['inject', 'disable', 'nothing', '-n', namespace]);
    expect(stderr).toContain(`no NetworkProber nothing in namespace ${namespace}`);
    expect(exitCode).toBe(2);
  });
});

describe('the Kustomize base', () => {
  /** An overlay as README.md beside the base shows it. */
  async function kustomize(components: string[]): Promise<{ text: string; overlay: string }> {
    const overlay = await mkdtemp(join(tmpdir(), 'kustomize-'));
    const path = (name: string) => relative(overlay, join(base, name));
    const replacement = {
      source: {
        kind: 'Deployment',
        name: 'netmachinery-prober-controller',
        fieldPath: 'spec.template.spec.containers.[name=controller].image',
      },
      targets: [
        {
          select: { kind: 'Deployment' },
          fieldPaths: ['spec.template.spec.containers.*.env.[name=NETMACHINERY_AGENT_IMAGE].value'],
        },
      ],
    };
    const [, newName, newTag] = /^(.*):([^:]+)$/.exec(images.agent) ?? [];
    const content = {
      resources: [path('.')],
      components: components.map(path),
      images: [{ name: 'registry.example/netmachinery-agent', newName, newTag }],
      replacements: [replacement],
    };
    await writeFile(join(overlay, 'kustomization.yaml'), JSON.stringify(content));
    return { text: await kubectl(['kustomize', overlay]), overlay };
  }

  it('is taken by kubectl apply -k as the same objects', async () => {
    const { overlay } = await kustomize([]);
    const applied = await kubectl(['apply', '--server-side', '--force-conflicts', '--dry-run=server', '-k', overlay]);
    expect(applied.trim().split('\n').length).toBeGreaterThan(20);
    await rm(overlay, { recursive: true });
  });

  it('has one image for all, and components for cert-manager and monitoring', async () => {
    const { text, overlay } = await kustomize(['cert-manager', 'monitoring']);
    await rm(overlay, { recursive: true });
    expect(text).not.toContain('registry.example');
    const objects = loadAll(text) as { kind: string; metadata: { annotations?: Record<string, string> } }[];
    const kinds = objects.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['Certificate', 'Issuer', 'PodMonitor', 'ConfigMap']));
    const webhook = objects.find(({ kind }) => kind === 'MutatingWebhookConfiguration');
    expect(webhook?.metadata.annotations).toHaveProperty(['cert-manager.io/inject-ca-from']);
    const deployments = JSON.stringify(objects.filter(({ kind }) => kind === 'Deployment'));
    expect(deployments.match(/"NETMACHINERY_CERTIFICATES","value":"cert-manager"/g)).toHaveLength(2);
    expect(deployments.match(new RegExp(`"NETMACHINERY_AGENT_IMAGE","value":"${images.agent}"`, 'g'))).toHaveLength(2);
  });
});

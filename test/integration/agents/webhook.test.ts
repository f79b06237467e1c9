// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueCertificate } from '../../../src/agents/certificates/issue.js';
import { keepCertificates } from '../../../src/agents/certificates/keep-certificates.js';
import { renewalMs } from '../../../src/agents/certificates/renewal.js';
import { CertificateSecret } from '../../../src/agents/certificates/secret.js';
import { allowingReview, readReview } from '../../../src/agents/webhook/admission-review.js';
import { listenHttps } from '../../../src/agents/webhook/https-listener.js';
import { startWebhook, type RunningWebhook } from '../../../src/agents/webhook/webhook.js';
import type { Cluster } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import { createNamespace, createReady, deleteNamespace, kubectl, podManifest } from '../../e2e/kubectl.js';
import {
  createPod,
  ensureDefinition,
  meshOf,
  networkProber,
  permissions,
  webhookConfiguration,
  type Created,
} from './webhook-instance.js';

const day = 24 * 60 * 60 * 1000;
/** Two thirds of a year ago, and a day: due on the clock of today. */
const longAgoMs = 245 * day;

/** As the service account of each program. */
let controller: Cluster;
let server: Cluster;
let namespace: string;
let other: string;
let configuration: string;
let webhook: RunningWebhook;
let certificates: Promise<void> | undefined;
let clockBehindMs = longAgoMs;
let end = new AbortController();
const lines: string[] = [];
const configurations: string[] = [];

const log = (line: string): void => void lines.push(line);
/** The second label keeps a webhook that is installed in the cluster out: it would see our NetworkProbers as well. */
const labelsOf = (app: string): Record<string, string> => ({ app, 'netmachinery.io/agent': 'test' });
const pod = (name: string, app: string): object => podManifest(name, { labels: labelsOf(app) });
const tried = (app: string, where = namespace): Promise<Created> =>
  createPod(where, pod(`tried-${app}`, app), '--dry-run=server');
const apply = (...objects: object[]): Promise<string> =>
  kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
const ready = async (): Promise<string> => {
  const response = await fetch(`http://127.0.0.1:${webhook.ports.health}/readyz`);
  return `${response.status} ${(await response.text()).trim()}`;
};

async function counted(outcome: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${webhook.ports.metrics}/metrics`)).text();
  return Number(new RegExp(`netmachinery_webhook_admissions_total\\{outcome="${outcome}"\\} (\\d+)`).exec(text)?.[1]);
}

async function configure(name: string, port: number): Promise<void> {
  configurations.push(name);
  await kubectl(['delete', 'mutatingwebhookconfiguration', name, '--ignore-not-found']);
  await kubectl(['create', '-f', '-'], JSON.stringify(webhookConfiguration(name, port, [namespace, other])));
}

async function bundle(name = configuration): Promise<string> {
  const path = 'jsonpath={.webhooks[0].clientConfig.caBundle}';
  const base64 = await kubectl(['get', 'mutatingwebhookconfiguration', name, '-o', path]);
  return Buffer.from(base64, 'base64').toString();
}

const authoritiesIn = (text: string): number => text.split('BEGIN CERTIFICATE').length - 1;

async function begin(): Promise<void> {
  await ensureDefinition();
  end = new AbortController();
  [namespace, other] = await Promise.all([createNamespace('webhook'), createNamespace('webhook-other')]);
  configuration = `test-a-${namespace}`;
  await apply(...permissions(configuration, namespace, configuration));
  const account = (name: string): string => `system:serviceaccount:${namespace}:${name}`;
  controller = await connectCluster({ as: account('controller') });
  server = await connectCluster({ as: account('webhook') });
  webhook = await startWebhook({
    cluster: server,
    namespace,
    images: { usual: 'agent:test', allowed: new Set(['agent:test']) },
    ports: { admission: 0, health: 0, metrics: 0 },
    host: '127.0.0.1',
    drainMs: 0,
    log,
  });
}

async function finish(): Promise<void> {
  end.abort();
  // All of it, whatever of it failed or never began.
  await Promise.allSettled([
    ...configurations.map((name) => kubectl(['delete', 'mutatingwebhookconfiguration', name, '--ignore-not-found'])),
    kubectl(['delete', 'clusterrole,clusterrolebinding', '-l', `netmachinery.test/permissions=${configuration}`]),
    webhook.stop(),
    certificates,
    deleteNamespace(namespace),
    deleteNamespace(other),
  ]);
  controller.close();
  server.close();
}

beforeAll(begin);
afterAll(finish);

describe('the certificate', () => {
  it('is waited for, then made, served and vouched for in a configuration that comes later', async () => {
    // Where this is tried again, the last try may have made one.
    if (certificates !== undefined) await finish().then(begin);
    expect(await ready()).toBe('503 no certificate yet');
    certificates = keepCertificates({
      cluster: controller,
      namespace,
      configuration,
      names: ['127.0.0.1'],
      signal: end.signal,
      log,
      now: () => Date.now() - clockBehindMs,
      everyMs: 500,
    });
    await expect.poll(ready, { timeout: 30_000 }).toBe('200 ok');
    const type = await kubectl([
      'get',
      'secret',
      '-n',
      namespace,
      'netmachinery-prober-webhook',
      '-o',
      'jsonpath={.type}',
    ]);
    expect(type).toBe('kubernetes.io/tls');
    await configure(configuration, webhook.ports.admission);
    await expect.poll(() => bundle(), { timeout: 30_000 }).toMatch(/^-----BEGIN CERTIFICATE/);
  });

  it('is not written over what somebody else wrote meanwhile', async () => {
    const secret = new CertificateSecret(controller, namespace, end.signal);
    const texts = (await secret.read())?.texts ?? { certificate: '', key: '', authorities: '' };
    expect(texts.authorities).toBe(await bundle());
    await expect(secret.write({ ...texts, authorities: '' }, '1')).rejects.toMatchObject({ status: 409 });
    await expect(secret.write({ ...texts, authorities: '' }, undefined)).rejects.toMatchObject({ status: 409 });
    expect((await secret.read())?.texts).toEqual(texts);
  });

  it('is vouched for again within a moment of a change by somebody else, and no other field is touched', async () => {
    const before = await bundle();
    const path = '/webhooks/0/clientConfig/caBundle';
    const foreign = Buffer.from((await issueCertificate(['x'], Date.now())).authority).toString('base64');
    const patch = [
      { op: 'replace', path, value: foreign },
      { op: 'replace', path: '/webhooks/0/timeoutSeconds', value: 2 },
    ];
    const words = ['patch', 'mutatingwebhookconfiguration', configuration, '--type=json', '-p', JSON.stringify(patch)];
    await kubectl(words);
    await expect.poll(() => bundle(), { timeout: 30_000 }).toBe(before);
    const timeout = 'jsonpath={.webhooks[0].timeoutSeconds}';
    expect(await kubectl(['get', 'mutatingwebhookconfiguration', configuration, '-o', timeout])).toBe('2');
  });
});

describe('a pod', () => {
  it('that a NetworkProber selects gets the prober', async () => {
    await apply(networkProber(namespace, 'rtt', { podSelector: { matchLabels: { app: 'web' } } }));
    await expect.poll(async () => meshOf(await tried('web')), { timeout: 30_000 }).toBe(`${namespace}/rtt`);
    await kubectl(['delete', 'pod', '-n', namespace, 'web', '--ignore-not-found', '--now']);
    const created = await createPod(namespace, pod('web', 'web'));
    expect(created.warnings).toBe('');
    expect(created.pod.metadata.annotations).toMatchObject({ 'netprober-container-deployed': 'true' });
    expect(created.pod.spec.initContainers).toMatchObject([{ name: 'net-prober', image: 'agent:test' }]);
    expect(created.pod.spec.volumes).toContainEqual(
      expect.objectContaining({
        name: 'net-prober-vol',
        configMap: expect.objectContaining({ name: 'rtt' }) as object,
      }),
    );
    // As a ReplicaSet asks for one, which has no name yet.
    const unnamed = { ...pod('', 'web'), metadata: { generateName: 'web-', labels: labelsOf('web') } };
    expect(meshOf(await createPod(namespace, unnamed, '--dry-run=server'))).toBe(`${namespace}/rtt`);
    expect(meshOf(await tried('db'))).toBeUndefined();
    expect(await counted('injected')).toBeGreaterThanOrEqual(2);
    expect(await counted('unselected')).toBeGreaterThanOrEqual(1);
  });

  it('is selected by expressions too', async () => {
    const matchExpressions = [
      { key: 'app', operator: 'In', values: ['cache', 'queue'] },
      { key: 'app', operator: 'NotIn', values: ['queue'] },
    ];
    await apply(networkProber(namespace, 'expressions', { podSelector: { matchExpressions } }));
    await expect.poll(async () => meshOf(await tried('cache')), { timeout: 30_000 }).toBe(`${namespace}/expressions`);
    expect(meshOf(await tried('queue'))).toBeUndefined();
  });

  it('of another namespace is selected with the consent of that alone', async () => {
    await kubectl(['annotate', 'namespace', other, 'netmachinery.io/allow-prober-from-']);
    await expect.poll(async () => meshOf(await tried('web', other)), { timeout: 30_000 }).toBeUndefined();
    const consent = `netmachinery.io/allow-prober-from=somebody,${namespace}`;
    await kubectl(['annotate', 'namespace', other, consent]);
    await expect.poll(async () => meshOf(await tried('web', other)), { timeout: 30_000 }).toBe(`${namespace}/rtt`);
    const { pod: made } = await tried('web', other);
    expect(made.spec.volumes).toContainEqual(
      expect.objectContaining({ configMap: expect.objectContaining({ name: `${namespace}.rtt` }) as object }),
    );
    await kubectl(['annotate', 'namespace', other, 'netmachinery.io/allow-prober-from-']);
    await expect.poll(async () => meshOf(await tried('web', other)), { timeout: 30_000 }).toBeUndefined();
  });

  it('that cannot be injected is created, and kubectl says why', async () => {
    await apply(
      networkProber(namespace, 'wrong-image', {
        podSelector: { matchLabels: { app: 'evil' } },
        agentImage: 'evil:1',
      }),
    );
    await expect
      .poll(async () => (await tried('evil')).warnings, { timeout: 30_000 })
      .toContain(
        `Warning: no prober of NetworkProber ${namespace}/wrong-image was added: its image evil:1 is not on the allow-list`,
      );
    const container = { name: 'main', image: 'x', ports: [{ containerPort: 9191 }] };
    const taken = podManifest('taken', { labels: labelsOf('web'), spec: { containers: [container] } });
    const created = await createPod(namespace, taken, '--dry-run=server');
    expect(created.warnings).toMatch(/^Warning: .*container main of pod\/taken already has port 9191/);
    expect(meshOf(created)).toBeUndefined();
  });

  it('that other webhooks change meanwhile is injected once', async () => {
    const issued = await issueCertificate(['127.0.0.1'], Date.now());
    const meddlers = await Promise.all(
      ['b', 'c'].map(async (letter) => {
        const name = `test-${letter}-${namespace}`;
        const meddler = await listenHttps(0, '127.0.0.1', (body) => {
          const { uid } = readReview(body);
          const value = { name: `meddler-${letter}`, image: 'x' };
          const isThere = body.includes(value.name);
          const patch = isThere ? [] : [{ op: 'add' as const, path: '/spec/containers/-', value }];
          return { status: 200, type: 'application/json', text: JSON.stringify(allowingReview(uid, { patch })) };
        });
        meddler.use(issued);
        await configure(name, meddler.port);
        const value = Buffer.from(issued.authority).toString('base64');
        const patch = [{ op: 'add', path: '/webhooks/0/clientConfig/caBundle', value }];
        await kubectl(['patch', 'mutatingwebhookconfiguration', name, '--type=json', '-p', JSON.stringify(patch)]);
        return { meddler, name };
      }),
    );
    try {
      const names = async (): Promise<string[]> => (await tried('web')).pod.spec.containers.map(({ name }) => name);
      await expect.poll(names, { timeout: 30_000 }).toEqual(['main', 'meddler-b', 'meddler-c']);
      const before = await counted('present');
      const { pod: made } = await tried('web');
      expect(made.spec.initContainers?.map(({ name }) => name)).toEqual(['net-prober']);
      expect(made.spec.volumes.filter(({ name }) => name === 'net-prober-vol')).toHaveLength(1);
      expect(await counted('present')).toBeGreaterThan(before);
    } finally {
      await Promise.all(
        meddlers.map(async ({ meddler, name }) => {
          await kubectl(['delete', 'mutatingwebhookconfiguration', name]);
          await meddler.close(0);
        }),
      );
    }
  });
});

describe('a renewal', () => {
  it('changes the certificate without a restart, with both authorities in the bundle', async () => {
    const served = (): Promise<X509Certificate> =>
      new Promise((resolve, reject) => {
        const where = { host: '127.0.0.1', port: webhook.ports.admission, rejectUnauthorized: false };
        const socket = connect(where, () => {
          const certificate = socket.getPeerX509Certificate();
          if (certificate !== undefined) resolve(certificate);
          socket.destroy();
        });
        socket.on('error', reject);
      });
    // Where this is tried again, the certificate is that of today already.
    if (clockBehindMs === 0) {
      clockBehindMs = longAgoMs;
      lines.length = 0;
      const { serialNumber } = await served();
      await kubectl(['delete', 'secret', '-n', namespace, 'netmachinery-prober-webhook']);
      await expect.poll(async () => (await served()).serialNumber, { timeout: 30_000 }).not.toBe(serialNumber);
      await expect.poll(async () => authoritiesIn(await bundle()), { timeout: 30_000 }).toBe(1);
    }
    const first = await served();
    const validity = { fromMs: Date.parse(first.validFrom), toMs: Date.parse(first.validTo) };
    expect(renewalMs(validity)).toBeLessThan(Date.now());
    const before = await bundle();
    expect(authoritiesIn(before)).toBe(1);
    clockBehindMs = 0;
    await expect.poll(async () => (await served()).serialNumber, { timeout: 30_000 }).not.toBe(first.serialNumber);
    const after = await bundle();
    expect(authoritiesIn(after)).toBe(2);
    expect(after).toContain(before);
    expect((await served()).verify(new X509Certificate(after).publicKey)).toBe(true);
    expect(meshOf(await tried('web'))).toBe(`${namespace}/rtt`);
    expect(lines.filter((line) => line.startsWith('certificate of the webhook: made a new one'))).toEqual([
      'certificate of the webhook: made a new one, for there is none',
      'certificate of the webhook: made a new one, for it has had two thirds of its life',
    ]);
  });

  it('is made at once where the Secret is deleted', async () => {
    const before = await bundle();
    await kubectl(['delete', 'secret', '-n', namespace, 'netmachinery-prober-webhook']);
    await expect.poll(() => bundle(), { timeout: 30_000 }).not.toBe(before);
    await expect.poll(async () => meshOf(await tried('web')), { timeout: 30_000 }).toBe(`${namespace}/rtt`);
  });
});

describe('an outage', () => {
  let silent: Server | undefined;
  const open = new Set<Socket>();

  async function nobody(): Promise<void> {
    open.forEach((socket) => socket.destroy());
    open.clear();
    if (silent?.listening === true) await new Promise((resolve) => silent?.close(resolve));
  }
  afterAll(nobody);

  it('keeps no pod from starting: nobody listens, or nobody answers', async () => {
    await webhook.stop();
    await nobody();
    await createReady(namespace, pod('refused', 'web'));
    const server = createServer((socket) => {
      open.add(socket);
      socket.on('error', () => undefined);
    });
    silent = server;
    await new Promise<void>((resolve) => server.listen(webhook.ports.admission, '127.0.0.1', resolve));
    await createReady(namespace, pod('unanswered', 'web'));
    expect(open.size).toBeGreaterThan(0);
    const probers = await kubectl([
      'get',
      'pods',
      '-n',
      namespace,
      '-o',
      'jsonpath={.items[*].spec.initContainers[*].name}',
    ]);
    // That of the pod from before the outage.
    expect(probers).toBe('net-prober');
  });
});

// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { netmachinery, report } from './cli.js';
import { createNamespace, createReady, deleteNamespace, images, kubectl, podManifest } from './kubectl.js';
import { ephemeralContainers, serverPod } from './manifests.js';
import { ownPods } from './own-pods.js';

let namespace = '';
let folder = '';
const quick = ['--count', '2', '--interval', '20ms'];
const account = (name: string) => `system:serviceaccount:${namespace}:${name}`;

/** A service account of the namespace with these rights there. */
function accountWith(name: string, rules: object[]): object[] {
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name }, rules },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
      roleRef,
    },
  ];
}

const readPods = { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] };
const patchContainers = { apiGroups: [''], resources: ['pods/ephemeralcontainers'], verbs: ['patch'] };
const execInPods = { apiGroups: [''], resources: ['pods/exec'], verbs: ['get', 'create'] };

beforeAll(async () => {
  [namespace, folder] = await Promise.all([createNamespace('refused'), mkdtemp(join(tmpdir(), 'netmachinery-'))]);
  const sources = ['no-image', 'never-there', 'no-patch', 'no-exec', 'enough', 'no-shell'];
  await createReady(
    namespace,
    serverPod('server'),
    ...sources.map((name) => podManifest(name)),
    ...accountWith('reader', [readPods]),
    ...accountWith('no-exec', [readPods, patchContainers]),
    ...accountWith('enough', [readPods, patchContainers, execInPods]),
  );
});
afterAll(() => Promise.all([deleteNamespace(namespace), rm(folder, { recursive: true })]));

const ping = (...words: string[]) => report(['ping', '-n', namespace, ...words, ...quick]);

describe.concurrent('a tool container that cannot be had', () => {
  it("fails at once with the kubelet's words when its image is not there, and another image follows", async () => {
    await ownPods(namespace, 'no-image');
    const image = 'docker.io/netmachinery-test/absent:1';
    const { exitCode, report: found, ms } = await ping('no-image', 'server', '--image', image);
    expect(found.results[0]).toMatchObject({ verdict: 'error', reason: 'ImageNotPulled', attempts: 0 });
    expect(found.results[0]?.message).toMatch(/ErrImagePull: .*absent/);
    expect(exitCode).toBe(3);
    expect(ms).toBeLessThan(15_000);
    const again = await ping('no-image', 'server', '--image', image);
    expect(again.report.results[0]).toMatchObject({ reason: 'ImageNotPulled' });
    expect(again.ms).toBeLessThan(15_000);
    const right = await ping('no-image', 'server');
    expect(right.exitCode).toBe(0);
    expect((await ephemeralContainers(namespace))['no-image']?.sort()).toEqual(['netmachinery-1', 'netmachinery-2']);
  });

  it('fails at once when its image must not be pulled', async () => {
    await ownPods(namespace, 'never-there');
    const never = ['--image', 'docker.io/netmachinery-test/absent:2', '--image-pull-policy', 'Never'];
    const { exitCode, report: found } = await ping('never-there', 'server', ...never);
    expect(found.results[0]).toMatchObject({ verdict: 'error', reason: 'ImageNotPulled' });
    expect(found.results[0]?.message).toContain('ErrImageNeverPull');
    expect(exitCode).toBe(3);
  });

  it('fails when the pod must not be changed, which is left as it was', async () => {
    const { exitCode, stdout, stderr } = await netmachinery([
      ...['ping', '-n', namespace, 'no-patch', 'server', ...quick, '--as', account('reader')],
    ]);
    expect(stdout + stderr).toMatch(/pods\/ephemeralcontainers/);
    expect(exitCode).toBe(3);
    expect(await ephemeralContainers(namespace)).not.toHaveProperty('no-patch');
  });

  it('fails when nothing may be executed', async () => {
    const { exitCode, stdout, stderr } = await netmachinery([
      ...['ping', '-n', namespace, 'no-exec', 'server', ...quick, '--as', account('no-exec')],
    ]);
    expect(stdout + stderr).toMatch(/pods\/exec/);
    expect(exitCode).toBe(3);
  });

  it('fails when nothing may be read at all', async () => {
    const { exitCode, stderr } = await netmachinery([
      ...['ping', '-n', namespace, 'no-patch', 'server', '--as', 'nobody@example.com'],
    ]);
    expect(stderr).toMatch(/nobody@example\.com.*cannot get.*pods/);
    expect(exitCode).toBe(3);
  });

  it("works with no more rights than the README lists, by a service account's token", async () => {
    const token = (await kubectl(['create', 'token', '-n', namespace, 'enough'])).trim();
    const config = JSON.parse(await kubectl(['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json'])) as {
      users: { user: object }[];
    };
    for (const entry of config.users) entry.user = { token };
    const file = join(folder, 'kubeconfig');
    await writeFile(file, JSON.stringify(config));
    const { exitCode, report: found } = await ping('enough', 'server', '--kubeconfig', file);
    expect(found.results[0]).toMatchObject({ verdict: 'pass', source: { pod: 'enough' } });
    expect(exitCode).toBe(0);
  });

  it('fails at once when its image has no shell', async () => {
    const { exitCode, report: found, ms } = await ping('no-shell', 'server', '--image', images.static);
    expect(found.results[0]?.message).toMatch(/"sh": executable file not found/);
    expect(found.results[0]).toMatchObject({ verdict: 'error', reason: 'ToolContainerFailed' });
    expect(exitCode).toBe(3);
    expect(ms).toBeLessThan(15_000);
  });

  it("offers --raw when its image's ping needs it", async () => {
    const plain = await ping('no-shell', 'server', '--image', images.busybox);
    expect(plain.report.results[0]).toMatchObject({ verdict: 'unsupported', reason: 'PingNotPermitted' });
    expect(plain.report.hints[0]?.text).toContain('--raw');
    const raw = await ping('no-shell', 'server', '--image', images.busybox, '--raw');
    expect(raw.report.results[0]).toMatchObject({ verdict: 'pass', received: 2 });
  });
});

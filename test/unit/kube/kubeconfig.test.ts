// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClusterOptions } from '../../../src/kube/cluster.js';
import { inClusterKubeconfig } from '../../../src/kube/in-cluster.js';
import { loadKubeconfig } from '../../../src/kube/kubeconfig-files.js';
import { resolveSettings, type Settings } from '../../../src/kube/settings.js';
import { refusal } from '../targets/refusal.js';

let directory: string;

const first = `
apiVersion: v1
kind: Config
clusters:
- name: one
  cluster: {server: "https://one:6443/", certificate-authority: ca.crt, tls-server-name: inner}
- name: shared
  cluster: {server: "https://first"}
users:
- name: anna
  user: {token: 2026-01-01, as: boss, as-groups: [a, b]}
contexts:
- name: here
  context: {cluster: one, user: anna, namespace: shop}
`;
const second = `
clusters:
- name: shared
  cluster: {server: "https://second", insecure-skip-tls-verify: true}
- name: two
  cluster: {server: two.example:8443}
users:
- name: anna
  user: {token: other}
- name: exec
  user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: ./login, args: null}}
contexts:
- name: there
  context: {cluster: two, user: exec}
- name: both
  context: {cluster: shared}
- name: broken
  context: {cluster: nowhere, user: nobody}
current-context: here
`;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  mkdirSync(join(directory, 'sub'));
  writeFileSync(join(directory, 'first'), first);
  writeFileSync(join(directory, 'ca.crt'), 'an authority');
  writeFileSync(join(directory, 'sub', 'second'), second);
  writeFileSync(join(directory, 'bad'), '{a');
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

const paths = () => ['missing', 'first', 'sub/second'].map((name) => join(directory, name)).join(delimiter);
const settings = (options: ClusterOptions = {}): Settings => resolveSettings(options, { KUBECONFIG: paths() });

describe('several files', () => {
  test('the first that has a name wins, missing ones are skipped', () => {
    const merged = loadKubeconfig(undefined, { KUBECONFIG: paths() });
    expect([...merged.clusters.keys()]).toEqual(['one', 'shared', 'two']);
    expect(merged.clusters.get('shared')).toEqual({ server: 'https://first' });
    expect(merged.users.get('anna')?.token).toBe('2026-01-01');
    expect(merged.currentContext).toBe('here');
  });

  test('paths are relative to their file', () => {
    const merged = loadKubeconfig(undefined, { KUBECONFIG: paths() });
    expect(merged.clusters.get('one')?.['certificate-authority']).toBe(join(directory, 'ca.crt'));
    expect(merged.users.get('exec')?.exec?.command).toBe(join(directory, 'sub', 'login'));
  });

  test('the file of the flag is the only one, and has to be there', () => {
    const merged = loadKubeconfig(join(directory, 'sub', 'second'), { KUBECONFIG: paths() });
    expect(merged.clusters.get('shared')?.server).toBe('https://second');
    const missing = join(directory, 'missing');
    expect(refusal(() => loadKubeconfig(missing, {})).message).toBe(`stat ${missing}: no such file or directory`);
  });

  test('a file that is no YAML is named', () => {
    const bad = join(directory, 'bad');
    expect(refusal(() => loadKubeconfig(bad, {})).message).toContain(`error loading config file "${bad}": yaml: `);
  });

  test('none at all is kubectl default of localhost:8080', () => {
    const none = resolveSettings({}, { HOME: join(directory, 'sub') });
    expect(none).toMatchObject({ server: 'http://localhost:8080', namespace: 'default', configured: false });
  });
});

describe('settings', () => {
  test('of the current context', () => {
    expect(settings()).toMatchObject({
      server: 'https://one:6443',
      namespace: 'shop',
      serverName: 'inner',
      skipTlsVerify: false,
      authority: Buffer.from('an authority'),
      userName: 'anna',
      user: { token: '2026-01-01', as: 'boss', 'as-groups': ['a', 'b'] },
    });
  });

  test('flags win', () => {
    const options = { context: 'there', namespace: 'bank', cluster: 'shared', user: 'anna', server: 'https://flag' };
    const asked = settings({ ...options, token: 't', as: 'jane', asGroups: ['ops'], insecureSkipTlsVerify: true });
    expect(asked).toMatchObject({
      server: 'https://flag',
      namespace: 'bank',
      skipTlsVerify: true,
      authority: undefined,
    });
    expect(asked.user).toEqual({ token: 't', as: 'jane', 'as-groups': ['ops'] });
  });

  test('a server without a scheme is asked by http, as kubectl does without any TLS settings', () => {
    expect(settings({ context: 'there' })).toMatchObject({ server: 'http://two.example:8443', namespace: 'default' });
  });

  test.each([
    [{ context: 'nope' }, 'context "nope" does not exist'],
    [{ cluster: 'nope' }, 'no server found for cluster "nope"'],
    [{ user: 'nope' }, 'auth info "nope" does not exist'],
    [{ context: 'broken' }, 'auth info "nobody" does not exist'],
    [
      { certificateAuthority: '/nope' },
      "unable to read certificate-authority /nope: ENOENT: no such file or directory, open '/nope'",
    ],
    [
      { certificateAuthority: '/nope', insecureSkipTlsVerify: true },
      'specifying a root certificates file with the insecure flag is not allowed',
    ],
  ])('%j is refused', (options, message) => {
    expect(refusal(() => settings(options)).message).toBe(message);
  });
});

test.each(['a b', 'Shop', 'shop/../kube-system', 'shop\n', '-shop', 'a'.repeat(64), 'shop.example'])(
  'a namespace %j is refused before anything is asked',
  (namespace) => {
    const { message, hint } = refusal(() => settings({ namespace }));
    expect(message).toBe(`${JSON.stringify(namespace)} is not the name of a namespace`);
    expect(hint).toBe('at most 63 lower case letters, digits and dashes');
  },
);

test("the context's namespace is looked at too, unless another is named", () => {
  const path = join(directory, 'odd-namespace');
  const contexts = [{ name: 'odd', context: { cluster: 'odd', namespace: 'A B' } }];
  const clusters = [{ name: 'odd', cluster: { server: 'https://198.18.0.1:6443' } }];
  writeFileSync(path, JSON.stringify({ clusters, contexts, 'current-context': 'odd' }));
  expect(refusal(() => resolveSettings({ kubeconfig: path }, {})).hint).toMatch(/^the context's namespace: /);
  expect(resolveSettings({ kubeconfig: path, namespace: '0-shop' }, {}).namespace).toBe('0-shop');
});

test('the service account of the pod that we run in', () => {
  const environment = { KUBERNETES_SERVICE_HOST: '2001:2::1', KUBERNETES_SERVICE_PORT: '443' };
  expect(inClusterKubeconfig(environment, directory)).toBeUndefined();
  writeFileSync(join(directory, 'token'), 'secret');
  writeFileSync(join(directory, 'namespace'), 'shop\n');
  const config = inClusterKubeconfig(environment, directory);
  expect(config?.clusters.get('in-cluster')?.server).toBe('https://[2001:2::1]:443');
  expect(config?.contexts.get('in-cluster')?.namespace).toBe('shop');
  expect(config?.users.get('in-cluster')?.tokenFile).toBe(join(directory, 'token'));
});

// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster, ClusterOptions } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import { loadKubeconfig } from '../../../src/kube/kubeconfig-files.js';
import { refused } from '../targets/refusal.js';

let directory: string;
let cluster: Cluster;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  cluster = await connectCluster({});
});

afterAll(() => {
  cluster.close();
  rmSync(directory, { recursive: true });
});

function file(name: string, content: unknown): string {
  const path = join(directory, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

interface View {
  'current-context': string;
  clusters: { name: string; cluster: object }[] | null;
  users: { name: string; user: object }[] | null;
  contexts: { name: string; context: object }[] | null;
}

/** What kubectl makes of these files. */
function kubectlView(paths: string): View {
  const env = { ...process.env, KUBECONFIG: paths };
  return JSON.parse(execFileSync('kubectl', ['config', 'view', '--raw', '-o', 'json'], { env }).toString()) as View;
}

test('several files are merged as kubectl does it', () => {
  const one = file('one.yaml', {
    'current-context': '',
    clusters: [
      { name: 'a', cluster: { server: 'https://a1', 'certificate-authority': '/abs/ca.crt' } },
      { name: 'b', cluster: { server: 'https://b1' } },
    ],
    users: [{ name: 'u', user: { token: 't1' } }],
    contexts: [{ name: 'x', context: { cluster: 'a', user: 'u' } }],
  });
  const two = file('two.yaml', {
    'current-context': 'y',
    clusters: [
      { name: 'b', cluster: { server: 'https://b2' } },
      { name: 'c', cluster: { server: 'https://c2', 'insecure-skip-tls-verify': true } },
    ],
    users: [
      { name: 'u', user: { token: 't2' } },
      { name: 'v', user: { 'client-certificate': '/abs/v.crt', 'client-key': '/abs/v.key' } },
    ],
    contexts: [
      { name: 'x', context: { cluster: 'c', user: 'v' } },
      { name: 'y', context: { cluster: 'c', user: 'v', namespace: 'n' } },
    ],
  });
  const three = file('three.yaml', { 'current-context': 'x' });
  const paths = [one, join(directory, 'missing.yaml'), two, three, one].join(delimiter);
  const ours = loadKubeconfig(undefined, { KUBECONFIG: paths });
  const theirs = kubectlView(paths);
  const sorted = <T>(entries: Iterable<[string, T]>) => [...entries].sort(([a], [b]) => a.localeCompare(b));
  expect(ours.currentContext).toBe(theirs['current-context']);
  expect(sorted(ours.clusters)).toEqual(sorted((theirs.clusters ?? []).map(({ name, cluster: c }) => [name, c])));
  expect(sorted(ours.users)).toEqual(sorted((theirs.users ?? []).map(({ name, user }) => [name, user])));
  expect(sorted(ours.contexts)).toEqual(sorted((theirs.contexts ?? []).map(({ name, context }) => [name, context])));
});

async function userName(options: ClusterOptions): Promise<string> {
  const one = await connectCluster(options);
  try {
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const answer = await one.create<{ status: { userInfo: { username: string } } }>(path, review);
    return answer.status.userInfo.username;
  } finally {
    one.close();
  }
}

async function serviceAccountToken(): Promise<string> {
  const path = '/api/v1/namespaces/default/serviceaccounts/default/token';
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  return (await cluster.create<{ status: { token: string } }>(path, request)).status.token;
}

/** A kubeconfig for the test cluster with another user. */
function kubeconfigWith(user: object): string {
  const config = JSON.parse(readFileSync(process.env['KUBECONFIG'] ?? '', 'utf8')) as {
    users: { name: string; user: object }[];
  };
  config.users = config.users.map(({ name }) => ({ name, user }));
  return file('other-user.yaml', config);
}

const account = 'system:serviceaccount:default:default';

test('a token file', async () => {
  file('token', `${await serviceAccountToken()}\n`);
  expect(await userName({ kubeconfig: kubeconfigWith({ tokenFile: 'token' }) })).toBe(account);
});

test('certificate files', async () => {
  const { users } = JSON.parse(readFileSync(process.env['KUBECONFIG'] ?? '', 'utf8')) as {
    users: { user: Record<string, string> }[];
  };
  const decoded = (key: string) => Buffer.from(users[0]?.user[key] ?? '', 'base64').toString();
  file('admin.crt', decoded('client-certificate-data'));
  file('admin.key', decoded('client-key-data'));
  const user = { 'client-certificate': 'admin.crt', 'client-key': 'admin.key' };
  expect(await userName({ kubeconfig: kubeconfigWith(user) })).toBe('admin');
});

test('a credential plugin, asked again when its token is refused', async () => {
  file('good-token', await serviceAccountToken());
  // Says what it was told, and gives a bad token the first time.
  const plugin = file(
    'plugin',
    `#!/bin/sh
cd "$(dirname "$0")"
printf '%s' "$KUBERNETES_EXEC_INFO" > info
echo "$1 $MORE" >> calls
if [ "$(wc -l < calls)" = 1 ]; then token=bad; else token=$(cat good-token); fi
printf '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"%s"}}' "$token"
`,
  );
  chmodSync(plugin, 0o755);
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: './plugin',
    args: ['login'],
    env: [{ name: 'MORE', value: 'env' }],
    interactiveMode: 'Never',
    provideClusterInfo: true,
  };
  expect(await userName({ kubeconfig: kubeconfigWith({ exec }) })).toBe(account);
  expect(readFileSync(join(directory, 'calls'), 'utf8')).toBe('login env\nlogin env\n');
  const info = JSON.parse(readFileSync(join(directory, 'info'), 'utf8')) as { kind: string; spec: object };
  expect(info).toMatchObject({
    kind: 'ExecCredential',
    apiVersion: 'client.authentication.k8s.io/v1',
    spec: { interactive: false, cluster: { server: cluster.server } },
  });
});

test('a credential plugin that is not there, or fails', async () => {
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'no-such-plugin', installHint: 'get it' };
  const missing = await refused(userName({ kubeconfig: kubeconfigWith({ exec }) }), 'usage');
  expect(missing).toMatchObject({
    message: 'getting credentials: exec: executable no-such-plugin not found',
    hint: 'get it',
  });
  const failing = { ...exec, command: 'false' };
  const failed = await refused(userName({ kubeconfig: kubeconfigWith({ exec: failing }) }), 'forbidden');
  expect(failed.message).toBe('getting credentials: exec: executable false failed with exit code 1');
});

test('the authority of the server is checked, and its name', async () => {
  const config = { kubeconfig: '/dev/null', server: cluster.server, token: 'none' };
  expect((await refused(userName(config), 'cluster')).message).toMatch(
    /^Unable to connect to the server: tls: failed to verify certificate: certificate signed by unknown authority$/,
  );
  const misnamed = await refused(userName({ tlsServerName: 'elsewhere.example' }), 'cluster');
  expect(misnamed.message).toMatch(/^Unable to connect to the server: .*elsewhere\.example/);
  await expect(userName({ tlsServerName: 'kubernetes.default' })).resolves.toBe('admin');
});

test('nothing listens there', async () => {
  const failure = await refused(userName({ kubeconfig: '/dev/null', server: 'http://127.0.0.1:9' }), 'cluster');
  expect(failure.message).toBe(
    'The connection to the server 127.0.0.1:9 was refused - did you specify the right host or port?',
  );
});

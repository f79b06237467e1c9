// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster, ClusterOptions } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import { loadKubeconfig } from '../../../src/kube/kubeconfig-files.js';
import { refusal } from '../../unit/targets/refusal.js';
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
  return JSON.parse(
    execFileSync('kubectl', ['config', 'view', '--raw', '-o', 'json'], { env, stdio: 'pipe' }).toString(),
  ) as View;
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

describe('awkward sets of files, as kubectl takes them', () => {
  const entry = (server: string, more = '') => `{name: c, cluster: {server: "${server}"${more}}}`;
  const files: Record<string, string> = {
    empty: '',
    dashes: '---\n',
    one: `kind: Config\nclusters: [${entry('https://one')}]\nusers: [{name: u, user: {tokenFile: tok}}]\n`,
    two: `clusters: [${entry('https://two')}]\ncurrent-context: second\n`,
    three: `{"current-context": "third", "contexts": [{"name": "third", "context": {"cluster": "c"}}], "users": null}`,
    'sub/paths': `clusters: [${entry('https://sub', ', certificate-authority: ../ca.crt')}]
users: [{name: u, user: {client-certificate: u.crt, client-key: ./u.key}}]
`,
    'ca.crt': 'the authority',
    'sub/u.crt': 'the certificate',
    'sub/u.key': 'the key',
    bad: 'kind: Config\n  users: [\n',
    twice: `clusters: [${entry('https://one')}, ${entry('https://two')}]\n`,
    list: '[a, b]\n',
    text: 'hello\n',
    secret: '{"kind": "Secret", "apiVersion": "v1"}',
    number: 'users: [{name: u, user: {token: 123456}}]\n',
  };
  const listed = (names: string) =>
    names
      .split(' ')
      .map((name) => join(directory, 'set', name))
      .join(delimiter);

  beforeAll(() => {
    mkdirSync(join(directory, 'set', 'sub'), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, 'set', name), text);
  });

  test.each([
    'one',
    'empty',
    'dashes one',
    'missing two one',
    'two three one',
    'three two',
    'one empty three two missing',
    'sub/../one two',
  ])('%s', (names) => {
    const ours = loadKubeconfig(undefined, { KUBECONFIG: listed(names) });
    const theirs = kubectlView(listed(names));
    const server = (cluster: object) => (cluster as { server?: string }).server;
    expect(ours.currentContext).toBe(theirs['current-context']);
    expect([...ours.clusters].map(([name, one]) => [name, server(one)])).toEqual(
      (theirs.clusters ?? []).map(({ name, cluster: one }) => [name, server(one)]),
    );
    expect([...ours.users.keys()]).toEqual((theirs.users ?? []).map(({ name }) => name));
    expect([...ours.contexts]).toEqual((theirs.contexts ?? []).map(({ name }) => [name, { cluster: 'c' }]));
  });

  test('files that are named relative to the one that names them are the same', () => {
    const KUBECONFIG = listed('three sub/paths');
    const args = ['config', 'view', '--raw', '--flatten', '-o', 'json'];
    const flat = JSON.parse(execFileSync('kubectl', args, { env: { ...process.env, KUBECONFIG } }).toString()) as View;
    const text = (entries: View['clusters'] | View['users'], key: string) => {
      const [first] = entries ?? [];
      const fields = Object.values(first ?? {}).find((value) => typeof value === 'object') as Record<string, string>;
      return Buffer.from(fields[key] ?? '', 'base64').toString();
    };
    const ours = loadKubeconfig(undefined, { KUBECONFIG });
    const content = (path = '') => readFileSync(path, 'utf8');
    expect(content(ours.clusters.get('c')?.['certificate-authority'])).toBe(
      text(flat.clusters, 'certificate-authority-data'),
    );
    expect(content(ours.users.get('u')?.['client-certificate'])).toBe(text(flat.users, 'client-certificate-data'));
    expect(content(ours.users.get('u')?.['client-key'])).toBe(text(flat.users, 'client-key-data'));
  });

  test.each([
    ['one one/x', 'one/x', 'open FILE: not a directory'],
    ['sub one', 'sub', 'read FILE: is a directory'],
    ['one bad', 'bad', 'yaml: line 2: '],
    ['twice', 'twice', 'duplicate name "c" in clusters'],
    ['list', 'list', 'not a kubeconfig'],
    ['one text', 'text', 'not a kubeconfig'],
    ['secret', 'secret', 'no kubeconfig: its kind is "Secret"'],
    ['number', 'number', 'token of user "u" is not a string'],
  ])('%s is refused by both, with the file', (names, guilty, words) => {
    const path = join(directory, 'set', guilty);
    expect(() => kubectlView(listed(names))).toThrow(`error loading config file "${path}": `);
    const { message } = refusal(() => loadKubeconfig(undefined, { KUBECONFIG: listed(names) }));
    expect(message).toContain(`error loading config file "${path}": ${words.replace('FILE', path)}`);
    expect(message).not.toContain('123456');
  });
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
  rmSync(join(directory, 'calls'), { force: true });
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

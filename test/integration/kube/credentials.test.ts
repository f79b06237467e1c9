// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster, ClusterOptions } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import { netmachinery, onTerminal, launchers } from '../../e2e/cli.js';
import { refused } from '../targets/refusal.js';

interface UserInfo {
  username: string;
  uid?: string;
  groups: string[];
  extra?: Record<string, string[]>;
}

let directory: string;
let admin: Cluster;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'credentials-'));
  admin = await connectCluster({});
});

afterAll(() => {
  admin.close();
  rmSync(directory, { recursive: true });
});

function file(name: string, content: string, mode = 0o600): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

/** A kubeconfig for the test cluster with another user. */
function kubeconfigWith(user: object): string {
  const config = JSON.parse(readFileSync(process.env['KUBECONFIG'] ?? '', 'utf8')) as {
    users: { name: string; user: object }[];
  };
  config.users = config.users.map(({ name }) => ({ name, user }));
  return file('kubeconfig', JSON.stringify(config));
}

async function review(cluster: Cluster): Promise<UserInfo> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  return (await cluster.create<{ status: { userInfo: UserInfo } }>(path, body)).status.userInfo;
}

async function whoAmI(options: ClusterOptions): Promise<UserInfo> {
  const cluster = await connectCluster(options);
  try {
    return await review(cluster);
  } finally {
    cluster.close();
  }
}

async function tokenOf(serviceAccount: string): Promise<string> {
  const path = `/api/v1/namespaces/default/serviceaccounts/${serviceAccount}/token`;
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  return (await admin.create<{ status: { token: string } }>(path, request)).status.token;
}

const account = 'system:serviceaccount:default:default';

describe('impersonation', () => {
  test('with a user, groups, a uid and extras, as the server sees it', async () => {
    const extra = { scopes: ['view', 'edit'], 'example.org/team (a)': ['100%'] };
    const user = await whoAmI({ as: 'jane', asGroups: ['dev', 'ops'], asUid: '7', asUserExtra: extra });
    expect(user).toMatchObject({ username: 'jane', uid: '7', groups: ['dev', 'ops', 'system:authenticated'] });
    expect(user.extra).toEqual(extra);
  });

  test.each([{ asGroups: ['dev'] }, { asUid: '7' }, { asUserExtra: { a: ['b'] } }])(
    '%j without a user is refused as by kubectl',
    async (options) => {
      const failure = await refused(whoAmI(options), 'usage');
      expect(failure.message).toContain(
        'requesting uid, groups or user-extra for impersonation without impersonating a user',
      );
    },
  );

  test('of the kubeconfig', async () => {
    const { users } = JSON.parse(readFileSync(process.env['KUBECONFIG'] ?? '', 'utf8')) as {
      users: { user: object }[];
    };
    const impersonated = { as: 'joe', 'as-groups': ['dev'], 'as-uid': '9', 'as-user-extra': { a: ['b'] } };
    const user = await whoAmI({ kubeconfig: kubeconfigWith({ ...users[0]?.user, ...impersonated }) });
    expect(user).toMatchObject({ username: 'joe', uid: '9', extra: { a: ['b'] } });
  });
});

describe('a token file', () => {
  test('is read again when its token is refused', async () => {
    const tokenFile = file('token', 'outdated\n');
    const cluster = await connectCluster({ kubeconfig: kubeconfigWith({ tokenFile }) });
    await refused(review(cluster), 'forbidden');
    file('token', `${await tokenOf('default')}\n`);
    expect((await review(cluster)).username).toBe(account);
    cluster.close();
  });

  test('that is not there is named', async () => {
    const failure = await refused(whoAmI({ kubeconfig: kubeconfigWith({ tokenFile: 'gone' }) }), 'usage');
    expect(failure.message).toContain(`unable to read the token file ${join(directory, 'gone')}`);
  });
});

describe('basic authentication', () => {
  test('is sent, and refused by servers that no longer have it', async () => {
    const { server } = admin;
    const options = { kubeconfig: '/dev/null', server, insecureSkipTlsVerify: true };
    await refused(whoAmI({ ...options, username: 'joe', password: 'pw' }), 'forbidden');
  });

  test('beside a token is refused as by kubectl', async () => {
    const failure = await refused(whoAmI({ kubeconfig: kubeconfigWith({ token: 't' }), username: 'joe' }), 'usage');
    expect(failure.message).toBe(
      'more than one authentication method found for admin; found [token basicAuth], only one is allowed',
    );
  });
});

describe('a credential plugin', () => {
  const v1 = 'client.authentication.k8s.io/v1';
  const plugin = (script: string) => file('plugin', `#!/bin/sh\ncd "$(dirname "$0")"\n${script}\n`, 0o755);
  const credential = (status: object, apiVersion = v1) =>
    `cat <<'END'\n${JSON.stringify({ kind: 'ExecCredential', apiVersion, status })}\nEND`;
  const kubeconfig = (script: string, more: object = {}) =>
    kubeconfigWith({ exec: { apiVersion: v1, command: plugin(script), interactiveMode: 'Never', ...more } });

  test('may give a client certificate', async () => {
    const { users } = JSON.parse(readFileSync(process.env['KUBECONFIG'] ?? '', 'utf8')) as {
      users: { user: Record<string, string> }[];
    };
    const decoded = (key: string) => Buffer.from(users[0]?.user[key] ?? '', 'base64').toString();
    const clientCertificateData = decoded('client-certificate-data');
    const script = credential({ clientCertificateData, clientKeyData: decoded('client-key-data') });
    expect((await whoAmI({ kubeconfig: kubeconfig(script) })).username).toBe('admin');
  });

  test('speaks v1beta1 too', async () => {
    const apiVersion = 'client.authentication.k8s.io/v1beta1';
    const script = credential({ token: await tokenOf('default') }, apiVersion);
    expect((await whoAmI({ kubeconfig: kubeconfig(script, { apiVersion }) })).username).toBe(account);
  });

  test('is asked again when its credential has expired, and once otherwise', async () => {
    const token = await tokenOf('default');
    const expired = `echo x >> calls; ${credential({ token, expirationTimestamp: '2020-01-01T00:00:00Z' })}`;
    const lasting = `echo x >> calls; ${credential({ token, expirationTimestamp: '2120-01-01T00:00:00Z' })}`;
    for (const [script, calls] of [
      [expired, 2],
      [lasting, 1],
    ] as const) {
      file('calls', '');
      const cluster = await connectCluster({ kubeconfig: kubeconfig(script) });
      await review(cluster);
      await review(cluster);
      expect(readFileSync(join(directory, 'calls'), 'utf8')).toBe('x\n'.repeat(calls));
      cluster.close();
    }
  });

  test('is asked once for many requests that are refused at once', async () => {
    file('calls', '');
    // The first credential is refused, and the plugin is slow enough for all to wait for the second.
    const script = `if [ -s calls ]; then token=${await tokenOf('default')}; else token=outdated; fi
echo x >> calls; sleep 0.3
printf '{"kind":"ExecCredential","apiVersion":"${v1}","status":{"token":"%s"}}' "$token"`;
    const cluster = await connectCluster({ kubeconfig: kubeconfig(script) });
    const users = await Promise.all(Array.from({ length: 8 }, () => review(cluster)));
    expect(new Set(users.map(({ username }) => username))).toEqual(new Set([account]));
    // A refusal that comes late is of a credential that has been renewed already.
    expect(readFileSync(join(directory, 'calls'), 'utf8')).toBe('x\n'.repeat(2));
    cluster.close();
  });

  test.each([
    ['echo top-secret', 'not JSON'],
    ['echo "{}"', 'it is no ExecCredential'],
    [credential({ token: 'top-secret' }, `${v1}beta1`), `plugin returned version "${v1}beta1", expected "${v1}"`],
    [credential({}), 'it has neither a token nor a certificate'],
    [credential({ clientKeyData: 'top-secret', token: 'x' }), 'a certificate needs its key and a key its certificate'],
  ])('whose answer is no credential is said, and nothing of it is shown', async (script, words) => {
    const failure = await refused(whoAmI({ kubeconfig: kubeconfig(script) }), 'forbidden');
    expect(failure.message).toBe(`getting credentials: decoding stdout of ${join(directory, 'plugin')}: ${words}`);
    expect(JSON.stringify(failure)).not.toContain('top-secret');
  });

  test('of a version that is no more', async () => {
    const apiVersion = 'client.authentication.k8s.io/v1alpha1';
    const failure = await refused(whoAmI({ kubeconfig: kubeconfig('true', { apiVersion }) }), 'usage');
    expect(failure.message).toBe(`exec plugin: invalid apiVersion "${apiVersion}"`);
  });

  test('that waits for somebody is left when the run is interrupted', async () => {
    const cluster = await connectCluster({ kubeconfig: kubeconfig('sleep 5') });
    const startedAt = performance.now();
    await refused(cluster.get('/version', { signal: AbortSignal.timeout(300) }), 'interrupted');
    expect(performance.now() - startedAt).toBeLessThan(4000);
    cluster.close();
  });

  test('speaks to the user on our stderr', async () => {
    const script = `echo 'log in at https://login.example' >&2; ${credential({ token: await tokenOf('default') })}`;
    const ran = await netmachinery(['version', '--kubeconfig', kubeconfig(script)]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: 'log in at https://login.example\n' });
  });

  test('that needs a terminal is not begun without one', async () => {
    file('calls', '');
    const path = kubeconfig('echo x >> calls; exit 1', { interactiveMode: 'Always' });
    const ran = await netmachinery(['version', '--kubeconfig', path]);
    expect(ran.stderr).toContain('exec plugin cannot support interactive mode');
    expect(readFileSync(join(directory, 'calls'), 'utf8')).toBe('');
  });

  test('has the terminal where there is one, and is told so', async () => {
    const script = `printf '%s' "$KUBERNETES_EXEC_INFO" > info; echo 'Password:' >&2; read -r answer
echo "$answer" > answer; ${credential({ token: await tokenOf('default') })}`;
    const path = kubeconfig(script, { interactiveMode: 'IfAvailable' });
    const words = [...launchers.executable, 'version', '--kubeconfig', path];
    const { exitCode, screen } = await onTerminal(words, (text) => text.includes('Password:'), 'open sesame\n');
    expect(screen).toContain('Server Version');
    expect(exitCode).toBe(0);
    expect(readFileSync(join(directory, 'answer'), 'utf8')).toBe('open sesame\n');
    expect(JSON.parse(readFileSync(join(directory, 'info'), 'utf8'))).toMatchObject({ spec: { interactive: true } });
  });
});

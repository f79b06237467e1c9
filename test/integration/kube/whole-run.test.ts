// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import { netmachinery, type CliResult, type Launcher } from '../../e2e/cli.js';
import { connectProxy } from './connect-proxy.js';
import { faultProxy } from './fault-proxy.js';
import { runningPod, temporaryNamespace } from './namespace.js';

interface AdminUser {
  'client-certificate-data': string;
  'client-key-data': string;
}

let directory: string;
let admin: Cluster;
let namespace: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'whole-run-'));
  admin = await connectCluster({});
  namespace = await temporaryNamespace(admin);
  await runningPod(admin, namespace, { name: 'a' });
  await runningPod(admin, namespace, { name: 'b' });
});

afterAll(async () => {
  await admin.delete(`/api/v1/namespaces/${namespace}`);
  admin.close();
  rmSync(directory, { recursive: true });
});

const ping = (...flags: string[]) => ['ping', '-n', namespace, 'a', 'b', '--count', '1', ...flags];
/** A source of its own each, so that both prepare a tool container. */
const pods = { executable: ['a', 'b'], node: ['b', 'a'] } as const;

describe.each(['executable', 'node'] as const)('a whole run (%s)', (launcher) => {
  test('keeps its connections, and says who it is', async () => {
    const agents = new Set<string>();
    const proxy = await faultProxy(({ headers }) => {
      agents.add(headers['user-agent'] ?? '');
      return 'pass';
    });
    const words = ['ping', '-n', namespace, ...pods[launcher], '--kubeconfig', '/dev/null', '--server', proxy.url];
    const ran = await netmachinery(words, { launcher });
    expect(ran).toMatchObject({ exitCode: 0 });
    const upgrades = proxy.requests.filter((request) => request.startsWith('UPGRADE ')).length;
    const plain = proxy.requests.length - upgrades;
    expect(plain).toBeGreaterThan(4);
    // An exec takes a connection out of the pool for good; what is asked side by side needs several.
    expect(proxy.connections() - upgrades).toBeLessThanOrEqual(4);
    expect([...agents]).toEqual([expect.stringMatching(/^kubectl-netmachinery\/\d\S* \(linux\/(amd64|arm64)\)$/)]);
    await proxy.close();
  });
});

describe('-v 9 shows requests, and no secret', () => {
  const config = () =>
    JSON.parse(readFileSync(process.env['KUBECONFIG'] ?? '', 'utf8')) as {
      clusters: { cluster: Record<string, string> }[];
      users: { user: object }[];
    };
  const adminUser = () => config().users[0]?.user as AdminUser;

  function kubeconfig(user: object, proxyUrl?: string): string {
    const changed = config();
    for (const entry of changed.users) entry.user = user;
    for (const { cluster } of changed.clusters) if (proxyUrl !== undefined) cluster['proxy-url'] = proxyUrl;
    const path = join(directory, 'kubeconfig');
    writeFileSync(path, JSON.stringify(changed));
    return path;
  }

  async function tokenOfDefault(): Promise<string> {
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/default/token`;
    const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    return (await admin.create<{ status: { token: string } }>(path, request)).status.token;
  }

  function expectHidden({ stdout, stderr }: CliResult, secrets: string[]): void {
    expect(stderr).toMatch(/^(GET|POST) https:\/\/\S+ \d{3} in \d+ milliseconds$/m);
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(7);
      for (const form of [
        secret,
        Buffer.from(secret).toString('base64').replace(/=+$/, ''),
        encodeURIComponent(secret),
      ]) {
        expect(stdout + stderr).not.toContain(form);
      }
    }
  }

  test('a client key and the password of a proxy', async () => {
    const proxy = await connectProxy();
    const path = kubeconfig(adminUser(), `http://jane:proxy-p%40ssword@${proxy.authority}`);
    const ran = await netmachinery(ping('--kubeconfig', path, '-v', '9'));
    expect(ran.exitCode).toBe(0);
    expect(proxy.asked.length).toBeGreaterThan(0);
    const key = adminUser()['client-key-data'];
    const lines = Buffer.from(key, 'base64').toString().trim().split('\n').slice(1, -1);
    expectHidden(ran, ['proxy-p@ssword', key.slice(0, 100), ...lines]);
    await proxy.close();
  });

  test('a token, of a flag and of a plugin', async () => {
    const token = await tokenOfDefault();
    const plugin = join(directory, 'plugin');
    const answer = { kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', status: { token } };
    writeFileSync(plugin, `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`);
    chmodSync(plugin, 0o755);
    const exec = { apiVersion: answer.apiVersion, command: plugin, interactiveMode: 'Never' };
    for (const path of [kubeconfig({ token }), kubeconfig({ exec })]) {
      const ran = await netmachinery(['version', '--kubeconfig', path, '-v', '9']);
      expect(ran.exitCode).toBe(0);
      expect(ran.stderr).toContain('Authorization: <masked>');
      expectHidden(ran, [token]);
      // Forbidden: the failure's words come from the server.
      expectHidden(await netmachinery(ping('--kubeconfig', path, '-v', '9')), [token]);
    }
    const flags = ['--server', admin.server, '--insecure-skip-tls-verify', '--token', token];
    const ran = await netmachinery(['version', '--kubeconfig', '/dev/null', ...flags, '-v=9']);
    expect(ran.exitCode).toBe(0);
    expectHidden(ran, [token]);
  });

  test('a password', async () => {
    const flags = ['--server', admin.server, '--insecure-skip-tls-verify', '--username', 'joe'];
    const given = ['--password', 'basic-p@ssword'];
    const ran = await netmachinery(ping('--kubeconfig', '/dev/null', ...flags, ...given, '-v', '9'));
    expect(ran.stderr).toContain('error: ');
    expectHidden(ran, ['basic-p@ssword', 'joe:basic-p@ssword']);
  });
});

describe('without any kubeconfig', () => {
  test.each<Launcher>(['executable', 'node', 'kubectl'])('the flags are enough (%s)', async (launcher) => {
    const users = JSON.parse(readFileSync(process.env['KUBECONFIG'] ?? '', 'utf8')) as { users: { user: AdminUser }[] };
    const decoded = (key: keyof AdminUser) => Buffer.from(users.users[0]?.user[key] ?? '', 'base64');
    writeFileSync(join(directory, 'admin.crt'), decoded('client-certificate-data'));
    writeFileSync(join(directory, 'admin.key'), decoded('client-key-data'));
    const files = ['--client-certificate', join(directory, 'admin.crt'), '--client-key', join(directory, 'admin.key')];
    const flags = ['--server', admin.server, '--insecure-skip-tls-verify', ...files, '--request-timeout', '20s'];
    const env = { KUBECONFIG: undefined, HOME: directory };
    const ran = await netmachinery(ping(...flags), { launcher, env });
    expect(ran.stderr).toBe('');
    expect(ran.exitCode).toBe(0);
  });

  test('a flag that is given twice counts as it was given last, a boolean may have a value', async () => {
    const twice = ['--context', 'nowhere', '--context=netmachinery-test', '--insecure-skip-tls-verify=false'];
    const ran = await netmachinery(['version', ...twice]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('a server that does not answer is given up after --request-timeout', async () => {
    const proxy = await faultProxy(() => 'stall');
    const flags = ['--kubeconfig', '/dev/null', '--server', proxy.url, '--request-timeout', '1'];
    const ran = await netmachinery(ping(...flags));
    expect(ran.stderr).toContain('did not answer within 1 s');
    expect(ran.exitCode).toBe(3);
    await proxy.close();
  });
});

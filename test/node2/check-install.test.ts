// SPDX-License-Identifier: Apache-2.0
import { load, loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { CheckReport } from '../../src/model/check.js';
import { account, deleteClusterRoles, runAs } from '../e2e/accounts.js';
import { netmachinery } from '../e2e/cli.js';
import { createNamespace, deleteNamespace, images, kubectl } from '../e2e/kubectl.js';
import { takeTurn } from '../cluster/take-turn.js';

// Uninstalling a check takes the definition of its objects away from the whole cluster.
await takeTurn('checkagents');

// There is one installation a cluster, with agents on both nodes: nothing else installs one meanwhile.
const check = (...words: string[]) => netmachinery(['check', ...words, '--agent-image', images.agent]);
const status = async (): Promise<CheckReport> => {
  const { stdout, stderr } = await netmachinery(['check', 'status', '-o', 'json']);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as CheckReport;
};
const everything = () =>
  kubectl([
    'get',
    'namespaces,clusterroles,clusterrolebindings,roles,rolebindings,customresourcedefinitions',
    '-A',
    '-l',
    'netmachinery.io/check=installed',
    '-o',
    'name',
  ]);

beforeAll(async () => {
  expect(images.agent).not.toBe('');
  await netmachinery(['check', 'uninstall']);
}, 240_000);
afterAll(async () => {
  await netmachinery(['check', 'uninstall']);
}, 240_000);

describe('check install', () => {
  it('prints every object before anything is there, and nothing else on stdout', async () => {
    const { stdout, exitCode } = await check('install', '--dry-run=client', '-o', 'yaml');
    expect(exitCode).toBe(0);
    const kinds = loadAll(stdout).map((object) => (object as { kind: string }).kind);
    expect(kinds).toContain('DaemonSet');
    expect(await everything()).toBe('');
  });

  it('says where no check is installed', async () => {
    const { exitCode, stderr } = await netmachinery(['check', 'status']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('no check is installed')]);
  });

  it('installs a check that finds the network of both nodes well', async () => {
    // What a try before this one has installed.
    await netmachinery(['check', 'uninstall']);
    const { exitCode, stdout, stderr } = await check('install', '--interval', '5s');
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^deployment\.apps\/netmachinery-check-server created$/m);
    expect(stderr).toMatch(/^load: about [\d,]+ probes and 4 reports every 5 s$/m);
    await vi.waitFor(
      async () => {
        const { nodes, findings } = await status();
        expect(nodes.flatMap(({ agents }) => agents.map(({ state }) => state))).toEqual(['OK', 'OK', 'OK', 'OK']);
        expect(findings.filter(({ severity }) => severity === 'failure')).toEqual([]);
      },
      { timeout: 120_000, interval: 2000 },
    );
  }, 480_000);

  it('changes settings while it runs, and restarts nothing for that', async () => {
    const pods = () => kubectl(['get', 'pods', '-A', '-l', 'netmachinery.io/check=installed', '-o', 'name']);
    const before = await pods();
    const { exitCode, stdout } = await check('install', '--interval', '5s', '--payload', '4500');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^configmap\/netmachinery-check-settings configured$/m);
    expect(stdout).toMatch(/^daemonset\.apps\/netmachinery-check-agent unchanged$/m);
    await vi.waitFor(async () => expect((await status()).payloadBytes).toBe(9001), { timeout: 30_000, interval: 1000 });
    expect(await pods()).toBe(before);
  }, 240_000);

  it('takes the agents of the network of nodes away where they are not wanted any more', async () => {
    const { exitCode } = await check('install', '--interval', '5s', '--no-host-network');
    expect(exitCode).toBe(0);
    await vi.waitFor(
      async () => {
        const found = await kubectl([
          'get',
          'namespaces',
          'netmachinery-check-host',
          '--ignore-not-found',
          '-o',
          'yaml',
        ]);
        expect(load(found)).toBeUndefined();
      },
      { timeout: 60_000, interval: 1000 },
    );
  }, 240_000);

  it('leaves nothing behind when it is removed', async () => {
    const first = await netmachinery(['check', 'uninstall']);
    expect(first.exitCode, first.stderr).toBe(0);
    expect(first.stdout).toMatch(/^deleted Namespace netmachinery-check$/m);
    expect(await everything()).toBe('');
  }, 240_000);

  it('is installed without the network of nodes, looked at and removed with no more than rbac prints for each', async () => {
    const namespace = await createNamespace('check-users');
    onTestFinished(async () => {
      await deleteClusterRoles(namespace);
      await deleteNamespace(namespace);
    });
    const installer = await account(namespace, 'installer', ['check-install']);
    const words = ['check', 'install', '--interval', '5s', '--no-host-network', '--agent-image', images.agent];
    const installed = await runAs(installer, words);
    expect(installed.exitCode, installed.stderr).toBe(0);
    expect(await kubectl(['get', 'namespaces', 'netmachinery-check-host', '--ignore-not-found', '-o', 'name'])).toBe(
      '',
    );
    const viewer = await account(namespace, 'viewer', ['check-status', '-n', 'netmachinery-check']);
    await vi.waitFor(
      async () => {
        const { stdout, stderr } = await runAs(viewer, ['check', 'status', '-o', 'json']);
        if (stdout === '') throw new Error(stderr);
        const { nodes } = JSON.parse(stdout) as CheckReport;
        expect(nodes.flatMap(({ agents }) => agents.map((agent) => `${agent.network} ${agent.state}`))).toEqual([
          'pod OK',
          'pod OK',
        ]);
      },
      { timeout: 60_000, interval: 2000 },
    );
    const remover = await account(namespace, 'remover', ['check-uninstall']);
    const removed = await runAs(remover, ['check', 'uninstall']);
    expect(removed.exitCode, removed.stderr).toBe(0);
    expect(await everything()).toBe('');
  }, 240_000);

  it('says where nothing is to be removed', async () => {
    const { exitCode, stdout, stderr } = await netmachinery(['check', 'uninstall']);
    expect([exitCode, stdout]).toEqual([0, '']);
    // Definitions that other tests have installed in the same cluster are named, and stay.
    const lines = stderr.split('\n').filter((line) => !line.includes('is not ours'));
    expect(lines).toEqual(['No check is installed.', '']);
  });
});

// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Check, PreflightReport } from '../../src/model/preflight.js';
import { account, deleteClusterRoles, permissionsOf, rbacObjects } from './accounts.js';
import { netmachinery } from './cli.js';
import {
  createAnew,
  createNamespace,
  createReady,
  deleteNamespace,
  getPod,
  images,
  kubectl,
  podManifest,
} from './kubectl.js';
import { ephemeralContainers } from './manifests.js';

let open = '';
let restricted = '';
const absent = 'docker.io/netmachinery-test/absent:9';

async function preflight(
  words: readonly string[],
): Promise<{ exitCode: number | null; report: PreflightReport; check: (name: string) => Check | undefined }> {
  const { exitCode, stdout, stderr } = await netmachinery(['preflight', ...words, '-o', 'json']);
  try {
    const report = JSON.parse(stdout) as PreflightReport;
    return { exitCode, report, check: (name) => report.checks.find(({ check }) => check.startsWith(name)) };
  } catch (cause) {
    throw new Error(`no report (exit code ${String(exitCode)}):\n${stdout}${stderr}`, { cause });
  }
}

const securityContext = { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } };
const own = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

beforeAll(async () => {
  const enforce = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  [open, restricted] = await Promise.all([createNamespace('preflight'), createNamespace('preflight', enforce)]);
  const containers = [{ name: 'main', image: images.web, securityContext: own }];
  await Promise.all([
    createReady(open, podManifest('pod')),
    createReady(restricted, podManifest('pod', { spec: { securityContext, containers } })),
  ]);
});
afterAll(() => Promise.all([deleteNamespace(open), deleteNamespace(restricted), deleteClusterRoles(open)]));

describe.concurrent('preflight', () => {
  it('finds that everything works, and changes nothing', async () => {
    const before = (await getPod(open, 'pod')).metadata.resourceVersion;
    const { exitCode, report, check } = await preflight(['-n', open]);
    expect(report.checks.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(report).toMatchObject({ namespace: open, commands: ['ping', 'connect'], image: images.toolbox });
    expect(report.summary.ok).toBe(report.checks.length);
    expect(check('server version')?.detail).toMatch(/^v1\.\d+/);
    expect(check('user')?.detail).not.toBe('');
    expect(check('unprivileged ping')?.detail).toContain('containerd://2');
    expect(exitCode).toBe(0);
    expect((await getPod(open, 'pod')).metadata.resourceVersion).toBe(before);
    expect(await ephemeralContainers(open)).toEqual({});
  });

  it('says what a restricted namespace refuses, by its labels and by a rehearsal', async () => {
    const { exitCode, check } = await preflight(['-n', restricted]);
    expect(check('PodSecurity')).toMatchObject({
      status: 'ok',
      detail: expect.stringMatching(/^restricted:latest allows ping and connect; it refuses ping --raw/) as string,
    });
    expect(check('rehearsal of a tool')?.status).toBe('ok');
    expect(check('rehearsal of one with NET_RAW')).toMatchObject({
      status: 'warning',
      detail: expect.stringContaining('NET_RAW') as string,
    });
    expect(exitCode).toBe(0);
    expect(await ephemeralContainers(restricted)).toEqual({});
  });

  it('says whether pods can be shaped, as far as that is known without a trial', async () => {
    const allowed = await preflight(['-n', open, '--for', 'shape']);
    expect(allowed.check('rehearsal of one with NET_ADMIN')?.status).toBe('ok');
    expect(allowed.check('may patch pods/ephemeralcontainers')?.status).toBe('ok');
    expect(allowed.check('kernels')).toMatchObject({
      status: 'unknown',
      detail: expect.stringMatching(/ on node1.*sch_netem.*trial in a pod/) as string,
    });
    expect(allowed.check('unprivileged ping')).toBeUndefined();
    expect(allowed.exitCode).toBe(0);
    const refused = await preflight(['-n', restricted, '--for', 'shape']);
    expect(refused.check('PodSecurity')).toMatchObject({ detail: 'restricted:latest refuses shape (NET_ADMIN)' });
    expect(refused.check('rehearsal of one with NET_ADMIN')).toMatchObject({ status: 'failed', cause: 'unsupported' });
    expect(refused.exitCode).toBe(5);
    expect(await ephemeralContainers(restricted)).toEqual({});
  });

  it('is unsupported where even a plain tool container is refused', async () => {
    // The pod is older than the label, and breaks its rules itself.
    const late = await createNamespace('preflight');
    try {
      await createReady(late, podManifest('pod'));
      await kubectl(['label', 'namespace', late, 'pod-security.kubernetes.io/enforce=restricted']);
      const { exitCode, check } = await preflight(['-n', late]);
      expect(check('rehearsal of a tool')).toMatchObject({ status: 'failed', cause: 'unsupported' });
      expect(exitCode).toBe(5);
    } finally {
      await deleteNamespace(late);
    }
  });

  it('names every permission that is missing, and the Role that has it', async () => {
    const { exitCode, report, check } = await preflight(['-n', open, '--as', 'jane']);
    for (const name of ['may get, list pods', 'may patch pods/ephemeralcontainers', 'may get, create pods/exec']) {
      expect(check(name)).toMatchObject({ status: 'failed', action: `kubectl netmachinery rbac ping -n ${open}` });
    }
    expect(check('may get deployments')?.status).toBe('warning');
    expect(check('may list events')).toMatchObject({
      status: 'warning',
      action: expect.stringContaining('--hints') as string,
    });
    expect(report.checks.filter(({ status, cause }) => status === 'failed' && cause !== 'cluster')).toEqual([]);
    expect(exitCode).toBe(3);
  });

  it('does not conclude from an image that no node names that it cannot be had', async () => {
    await createAnew(open, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'unused' } });
    const { exitCode, check } = await preflight(['-n', open, '--image', absent]);
    expect(check('image')).toMatchObject({
      status: 'unknown',
      detail: expect.stringMatching(/no node names it; .*not known without trying/) as string,
    });
    expect(exitCode).toBe(0);
  });

  it('knows where there is no pod to rehearse in', async () => {
    const { exitCode, check } = await preflight(['-n', 'kube-public']);
    expect(check('rehearsal of a tool')?.status).toBe('unknown');
    expect(exitCode).toBe(0);
  });

  it('looks only at the permissions of a command that enters no pods', async () => {
    const { exitCode, report } = await preflight(['-n', open, '--for', 'clean']);
    expect(report.checks.map(({ check }) => check)).toEqual([
      'server version',
      'user',
      'may get, list, delete pods',
      'may get, create pods/exec',
      'may patch pods',
      'may list, delete namespaces',
    ]);
    expect(exitCode).toBe(0);
  });

  it.each([
    [['--no-exec'], 'may get pods/log', true],
    [['--probe-pod'], 'may list services', false],
    [['-c', 'main'], 'may get, create pods/exec', false],
  ])('looks at what a test with %j needs', async (words, name, adds) => {
    const { report, check } = await preflight(['-n', open, '--for', 'ping', ...words, '--as', 'jane']);
    expect(check(name)).toMatchObject({
      status: 'failed',
      action: `kubectl netmachinery rbac ping -n ${open} ${words.join(' ').replace('main', 'NAME')}`,
    });
    expect(report.checks.some((one) => one.check === 'may patch pods/ephemeralcontainers')).toBe(adds);
    expect(check('rehearsal') !== undefined).toBe(adds);
  });

  it('is a table, or YAML', async () => {
    const { stdout } = await netmachinery(['preflight', '-n', open]);
    expect(stdout.split('\n')[0]).toMatch(/^CHECK +STATUS +DETAIL +WHAT TO DO$/);
    expect(stdout).toMatch(/^server version +✓ ok +v1\./m);
    const yaml = await netmachinery(['preflight', '-n', open, '-o', 'yaml']);
    expect(yaml.stdout).toMatch(/^kind: PreflightReport$/m);
  });

  it('is for every command that sends from pods', async () => {
    const commands = ['dns', 'http', 'mtu', 'trace', 'run'];
    const { exitCode, report } = await preflight(['-n', open, ...commands.flatMap((command) => ['--for', command])]);
    expect(report.commands).toEqual(commands);
    expect(exitCode).toBe(0);
  });

  it.each([
    [['-n', 'no-such-namespace'], 2, /namespaces "no-such-namespace" not found/],
    [['--for', 'frob'], 2, /frob/],
    [['--server', 'https://127.0.0.1:1'], 3, /was refused/],
  ])('refuses %j', async (words, exitCode, message) => {
    const result = await netmachinery(['preflight', ...words]);
    expect(result.stderr).toMatch(message);
    expect(result).toMatchObject({ exitCode, stdout: '' });
  });
});

describe.concurrent('the Role of preflight', () => {
  const needs: Record<string, (check: (name: string) => Check | undefined) => unknown> = {
    'get namespaces': (check) => check('PodSecurity')?.status === 'unknown',
    'list pods': (check) => check('rehearsal of a tool')?.detail.includes('can be seen'),
    'get serviceaccounts': (check) => check('image')?.detail.includes('the pull secrets of each pod'),
    'list nodes': (check) => check('unprivileged ping')?.status === 'unknown',
  };
  const words = () => ['preflight', '-n', open];

  it('has no rule that no test here takes away', async () => {
    expect(permissionsOf(await rbacObjects(words())).sort()).toEqual(Object.keys(needs).sort());
  });

  it('suffices for every check', async () => {
    const user = await account(open, 'all', words());
    const { check } = await preflight(['-n', open, '--image', absent, '--as', user]);
    for (const isLost of Object.values(needs)) expect(isLost(check)).toBe(false);
  });

  it.each(Object.entries(needs))('needs: %s', async (permission, isLost) => {
    const user = await account(open, `no-${permission.replace(' ', '-')}`, words(), { lacks: permission });
    const { check } = await preflight(['-n', open, '--image', absent, '--as', user]);
    expect(isLost(check)).toBe(true);
  });
});

// SPDX-License-Identifier: Apache-2.0
import type { ChildProcess } from 'node:child_process';
import { load } from 'js-yaml';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import schema from '../../plugins-manifest/schemas/check.v1.json' with { type: 'json' };
import type { CheckReport } from '../../src/model/check.js';
import type { CleanupReport } from '../../src/model/cleanup.js';
import { account, deleteClusterRoles, runAs } from './accounts.js';
import { launchers, netmachinery, onTerminal, report, runUntil } from './cli.js';
import { createNamespace, deleteNamespace, images, kubectl } from './kubectl.js';
import { validatorOf } from '../unit/validator.js';

const isValid = validatorOf(schema);

/** Only node1: the other one is slow, and its disk was made before this. */
const onNode1 = ['--node-selector', 'kubernetes.io/hostname=node1'];
const start = ['check', '--yes', ...onNode1];
const idPattern = /netmachinery-check-([0-9a-f]{8})/;

function idOf(text: string): string {
  const id = idPattern.exec(text)?.[1];
  if (id === undefined) throw new Error(`no check in: ${text}`);
  return id;
}

async function namespacesOf(id: string): Promise<string[]> {
  const listed = await kubectl(['get', 'namespaces', '-l', `netmachinery.io/check=${id}`, '-o', 'name']);
  return listed.split('\n').filter((line) => line !== '');
}

const started: string[] = [];
/** Whether a check has created pods, which is when most is there to be removed. */
async function hasPods(stderr: string): Promise<boolean> {
  const id = idPattern.exec(stderr)?.[1];
  if (id === undefined) return false;
  started.push(id);
  return (await kubectl(['get', 'pods', '-A', '-l', `netmachinery.io/check=${id}`, '-o', 'name'])) !== '';
}

afterAll(async () => {
  for (const id of new Set(started)) {
    await kubectl(['delete', 'namespace', '-l', `netmachinery.io/check=${id}`, '--wait=false']);
  }
});

describe('check', () => {
  it('finds a node well, by the schema, and removes what it made', async () => {
    const found = await report<CheckReport>(start);
    expect(isValid(found.report), JSON.stringify(isValid.errors)).toBe(true);
    expect(found.report).toMatchObject({ mode: 'once', verdict: 'pass', findings: [] });
    expect(found.report.nodes).toMatchObject([
      {
        name: 'node1',
        state: 'OK',
        agents: [
          { network: 'pod', state: 'OK' },
          { network: 'host', state: 'OK' },
        ],
      },
    ]);
    expect(found.exitCode).toBe(0);
    const id = idOf(found.stderr);
    expect(found.stderr).toContain(`removed netmachinery-check-${id} and netmachinery-check-${id}-host`);
    expect(await namespacesOf(id)).toEqual([]);
  });

  it('names why there is no agent, and goes on', async () => {
    const absent = ['--agent-image', 'docker.io/netmachinery-test/absent:9', '--timeout', '60s'];
    const { report: found, exitCode, stderr } = await report<CheckReport>([...start, ...absent]);
    expect(exitCode).not.toBe(0);
    for (const agent of found.nodes[0]?.agents ?? []) {
      expect(agent.state).toBe('Absent');
      expect(agent.cause).toMatch(/ErrImagePull|ImagePullBackOff/);
    }
    const finding = found.findings.find(({ kind }) => kind === 'agentAbsent');
    expect(finding?.hint).toContain('--agent-image');
    expect(await namespacesOf(idOf(stderr))).toEqual([]);
  });

  it.each([1, 2])('removes everything when it is interrupted, by ^C pressed %d times', async (times) => {
    let child: ChildProcess | undefined;
    const run = runUntil(
      start,
      async (stderr) => {
        if (!(await hasPods(stderr))) return false;
        if (times === 2) setTimeout(() => child?.kill('SIGINT'), 300);
        return true;
      },
      'SIGINT',
      { onStart: (process) => (child = process) },
    );
    const { exitCode, stderr, stdout } = await run;
    expect(exitCode).toBe(130);
    expect(stdout).toBe('');
    await expect.poll(() => namespacesOf(idOf(stderr)), { timeout: 60_000 }).toEqual([]);
  });

  it('leaves to clean what it was killed with, which spares it while it may be at work', async () => {
    const namespace = await createNamespace('check-killed');
    const user = `system:serviceaccount:${namespace}:killed`;
    // Of somebody else: clean ends all that is the caller's, in every namespace, and other tests run.
    await kubectl([
      'create',
      'clusterrolebinding',
      `${namespace}-killed`,
      '--clusterrole=cluster-admin',
      `--user=${user}`,
    ]);
    onTestFinished(async () => {
      await deleteClusterRoles(namespace);
      await deleteNamespace(namespace);
    });
    const { stderr } = await runUntil([...start, '--timeout', '10s', '--as', user], hasPods, 'SIGKILL');
    const id = idOf(stderr);
    const both = [`netmachinery-check-${id}`, `netmachinery-check-${id}-host`];
    const cleaned = async (...words: string[]) => {
      const { stdout } = await runAs(user, ['clean', '-A', ...words, '-o', 'json']);
      const { items } = JSON.parse(stdout) as CleanupReport;
      return items.filter(({ namespace }) => both.includes(namespace)).map(({ outcome }) => outcome);
    };
    expect(await cleaned('--dry-run=client')).toEqual(['busy', 'busy']);
    expect(await cleaned('--force', '--dry-run=server')).toEqual(['wouldRemove', 'wouldRemove']);
    await vi.waitFor(async () => expect(await cleaned()).toEqual(['removed', 'removed']), {
      timeout: 20_000,
      interval: 1000,
    });
    await expect.poll(() => namespacesOf(id), { timeout: 60_000 }).toEqual([]);
  });

  it('prints what it would create', async () => {
    const { stdout, exitCode } = await netmachinery(['check', ...onNode1, '--dry-run=client', '-o', 'yaml']);
    expect(exitCode).toBe(0);
    const { kind, items } = load(stdout) as { kind: string; items: { kind: string; metadata: { name: string } }[] };
    expect(kind).toBe('List');
    expect(items.map((each) => each.kind)).toEqual(['Namespace', 'Namespace', 'Service', 'Pod', 'Pod']);
    const named = await netmachinery(['check', ...onNode1, '--no-host-network', '--dry-run=client']);
    expect(named.stdout).toMatch(
      /^namespace\/\S+ created \(dry run\)\nservice\/\S+ -n \S+ created \(dry run\)\npod\/agent-node1 /,
    );
    expect(await namespacesOf(idOf(stdout))).toEqual([]);
  });

  it('needs no more than rbac check prints, and with its hints copies a pull secret', async () => {
    const namespace = await createNamespace('check-user');
    onTestFinished(async () => {
      await deleteClusterRoles(namespace);
      await deleteNamespace(namespace);
    });
    const auth = ['--docker-server=registry.example', '--docker-username=u', '--docker-password=p'];
    await kubectl(['create', 'secret', 'docker-registry', 'registry', '-n', namespace, ...auth]);
    const words = [...start, '--no-host-network', '--image-pull-secret', `${namespace}/registry`];
    const plain = await account(namespace, 'plain', ['check']);
    const refused = await runAs(plain, words);
    expect(refused).toMatchObject({ exitCode: 3, stdout: '' });
    expect(refused.stderr).toMatch(/secrets "registry" is forbidden/);
    expect(refused.stderr).not.toMatch(idPattern);
    const copying = await account(namespace, 'copying', ['check', '--hints']);
    const { exitCode, stderr } = await runAs(copying, words);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(/^ {2}in it a copy of Secret registry$/m);
    expect(await namespacesOf(idOf(stderr))).toEqual([]);
  });

  it('asks on a terminal, and takes no silence for a yes', async () => {
    const piped = await netmachinery(['check', ...onNode1]);
    expect(piped).toMatchObject({ exitCode: 2, stdout: '' });
    expect(piped.stderr).toContain('namespace netmachinery-check-');
    expect(piped.stderr).toMatch(/hint: give --yes/);
    const words = [...launchers.executable, 'check', ...onNode1];
    const refused = await onTerminal(words, (screen) => screen.includes('[y/N]'), 'n\r');
    expect(refused.exitCode).toBe(130);
    expect(refused.screen).toContain('nothing was created');
    const interrupted = await onTerminal(words, (screen) => screen.includes('[y/N]'), '\u0003');
    expect(interrupted.exitCode).toBe(130);
    for (const text of [piped.stderr, refused.screen, interrupted.screen]) {
      expect(await namespacesOf(idOf(text))).toEqual([]);
    }
  });

  it('refuses before it makes anything', async () => {
    const none = await netmachinery(['check', '--yes', '--node-selector', 'netmachinery.test/none=here']);
    expect(none).toMatchObject({ exitCode: 2, stdout: '' });
    expect(none.stderr).toMatch(/none of \d+ nodes is to be checked/);
    const secret = await netmachinery([...start, '--image-pull-secret', 'registry']);
    expect(secret).toMatchObject({ exitCode: 2 });
    expect(secret.stderr).toContain('must be NAMESPACE/NAME');
    expect(images.agent).not.toBe('');
  });
});

// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { netmachinery } from './cli.js';
import { cronJob, getObject, peersOf, template, templateIn, workload } from './injected.js';
import { createNamespace, createReady, deleteNamespace, images, kubectl } from './kubectl.js';

let namespace = '';
const names = ['deploy/web', 'sts/db', 'ds/each', 'cj/night'];
const annotated = template('db') as { metadata: object };

beforeAll(async () => {
  namespace = await createNamespace('uninject', { 'pod-security.kubernetes.io/enforce': 'restricted' });
  await createReady(
    namespace,
    workload('Deployment', 'web', template('web', { volumes: [{ name: 'scratch', emptyDir: {} }] })),
    workload('StatefulSet', 'db', { ...annotated, metadata: { ...annotated.metadata, annotations: { team: 'shop' } } }),
    workload('DaemonSet', 'each'),
    cronJob('night'),
    workload('StatefulSet', 'stuck'),
    workload('Deployment', 'piped'),
    workload('Deployment', 'both'),
  );
});
afterAll(() => deleteNamespace(namespace));

/** In a mesh of its own: pods of all namespaces form one. */
const inject = (...words: string[]) => {
  const usual = ['--mesh', namespace, '-n', namespace, '--static', '--agent-image', images.agent];
  return netmachinery(['inject', ...usual, ...words]);
};
const uninject = (...words: string[]) => netmachinery(['uninject', ...words, '-n', namespace]);
const pipe = async (name: string) => {
  const yaml = await kubectl(['get', name, '-n', namespace, '-o', 'yaml']);
  const { stdout } = await netmachinery(['inject', '-f', '-', '--agent-image', images.agent], { stdin: yaml });
  await kubectl(['apply', '-n', namespace, '-f', '-'], stdout);
  expect(JSON.stringify(await templateIn(namespace, name))).toContain('net-prober-vol');
};

describe('uninject', { concurrent: false }, () => {
  it('leaves every template as it was before, and no peer list', async () => {
    const before = await Promise.all(names.map((name) => templateIn(namespace, name)));
    expect((await inject(...names)).exitCode).toBe(0);
    const between = await Promise.all(names.map((name) => templateIn(namespace, name)));
    between.forEach((each, index) => expect(each).not.toEqual(before[index]));
    const [first = '', ...others] = names;
    expect(await uninject(first)).toMatchObject({ exitCode: 0, stdout: 'deployment.apps/web uninjected\n' });
    expect(await peersOf(namespace, namespace)).toContain('db-0');
    const { stdout, exitCode } = await uninject(...others);
    expect(stdout.trim().split('\n')).toEqual([
      'statefulset.apps/db uninjected',
      'daemonset.apps/each uninjected',
      'cronjob.batch/night uninjected',
    ]);
    expect(exitCode).toBe(0);
    expect(await Promise.all(names.map((name) => templateIn(namespace, name)))).toEqual(before);
    await expect(peersOf(namespace, namespace)).rejects.toThrow('not found');
  });

  it('says what is not injected, and what is not there', async () => {
    expect(await uninject('deploy/web')).toMatchObject({ exitCode: 0, stdout: 'deployment.apps/web unchanged\n' });
    expect(await uninject('deploy/wed')).toMatchObject({ exitCode: 2, stdout: '' });
  });

  it('only says what it would do where that is asked for', async () => {
    await inject('deploy/web');
    const before = await getObject(namespace, 'deploy/web');
    const { stdout } = await uninject('deploy/web', '--dry-run=server');
    expect(stdout).toBe('deployment.apps/web uninjected (server dry run)\n');
    expect((await getObject(namespace, 'deploy/web')).metadata.generation).toBe(before.metadata.generation);
    expect((await uninject('deploy/web')).exitCode).toBe(0);
  });

  it('says which pod a StatefulSet will not replace by itself, and what lets it go on', async () => {
    const absent = ['--agent-image', 'docker.io/netmachinery-test/absent:7'];
    expect((await inject('sts/stuck', ...absent)).exitCode).toBe(3);
    const refused = await uninject('sts/stuck');
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toContain(`kubectl delete pod/stuck-0 -n ${namespace}`);
    expect(refused.ms).toBeLessThan(120_000);
    await kubectl(['delete', 'pod', 'stuck-0', '-n', namespace]);
    await kubectl(['rollout', 'status', 'sts/stuck', '-n', namespace, '--timeout=60s']);
  });

  it('takes out what came by a pipe and kubectl apply', async () => {
    const before = await templateIn(namespace, 'deploy/piped');
    await pipe('deploy/piped');
    expect(await uninject('deploy/piped')).toMatchObject({ exitCode: 0, stdout: 'deployment.apps/piped uninjected\n' });
    expect(await templateIn(namespace, 'deploy/piped')).toEqual(before);
  });

  it('takes out what came both ways, by two owners', async () => {
    const before = await templateIn(namespace, 'deploy/both');
    expect((await inject('deploy/both')).exitCode).toBe(0);
    await pipe('deploy/both');
    const again = await inject('deploy/both', '--native-sidecar', 'false');
    expect(again).toMatchObject({ exitCode: 0, stdout: 'deployment.apps/both injected\n' });
    expect(await templateIn(namespace, 'deploy/both')).toMatchObject({
      spec: { containers: [{ name: 'main' }, { name: 'net-prober' }] },
    });
    expect(await uninject('deploy/both')).toMatchObject({ exitCode: 0 });
    expect(await templateIn(namespace, 'deploy/both')).toEqual(before);
  });
});

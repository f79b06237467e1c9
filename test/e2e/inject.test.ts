// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { asAccount, coreRule, serviceAccount } from './service-accounts.js';
import { netmachinery, runUntil } from './cli.js';
import { cronJob, getObject, metricsOf, peersOf, podNames, template, templateIn, workload } from './injected.js';
import { createAnew, createNamespace, createReady, deleteNamespace, images, podManifest } from './kubectl.js';

let namespace = '';

/** A web server that listens on 8080 and declares no port; `command` is its own. */
const listener = template('listener', {}, { image: images.web, command: undefined });

beforeAll(async () => {
  namespace = await createNamespace('inject', { 'pod-security.kubernetes.io/enforce': 'restricted' });
  const pod = template('bare') as { metadata: object; spec: object };
  await createReady(
    namespace,
    workload('Deployment', 'web', template('web', { volumes: [{ name: 'scratch', emptyDir: {} }] })),
    workload('StatefulSet', 'db'),
    workload('DaemonSet', 'each'),
    workload('Deployment', 'declares', template('declares', {}, { ports: [{ containerPort: 19192 }] })),
    workload('Deployment', 'listener', listener),
    workload('Deployment', 'unpullable'),
    workload('Deployment', 'interrupted'),
    { apiVersion: 'v1', kind: 'Pod', ...pod, metadata: { ...pod.metadata, name: 'bare' } },
    cronJob('night'),
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'once' },
      spec: { suspend: true, template: template('once', { restartPolicy: 'Never' }) },
    },
    ...serviceAccount(namespace, 'reader', [
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list'] },
      coreRule(['pods', 'events'], ['get', 'list']),
    ]),
  );
});
afterAll(() => deleteNamespace(namespace));

/** In a mesh of its own: pods of all namespaces form one. */
const inject = (...words: string[]) => {
  const usual = ['--mesh', namespace, '-n', namespace, '--static', '--agent-image', images.agent];
  return netmachinery(['inject', ...usual, ...words]);
};

/** Undoes what the last try may have done, where a test is tried again. */
async function uninjected(...names: string[]): Promise<void> {
  expect((await netmachinery(['uninject', ...names, '-n', namespace])).exitCode).toBe(0);
}

describe('inject', { concurrent: false }, () => {
  it('says what it would do and does nothing of it', async () => {
    const before = await templateIn(namespace, 'deploy/web');
    const { stdout, exitCode } = await inject('deploy/web', 'cronjob', 'night', '--dry-run=server');
    expect(stdout).toBe(
      'deployment.apps/web injected (server dry run)\ncronjob.batch/night injected (server dry run)\n',
    );
    expect(exitCode).toBe(0);
    expect(await templateIn(namespace, 'deploy/web')).toEqual(before);
    await expect(peersOf(namespace, namespace)).rejects.toThrow('not found');
  });

  it('adds a sidecar to every kind, rolls out and lets them probe each other', async () => {
    await uninjected('deploy/web', 'sts/db', 'ds/each', 'cj/night');
    const { stdout, stderr, exitCode } = await inject(
      'deploy',
      'web',
      'sts/db',
      'ds/each',
      'cj/night',
      '--period',
      '200ms',
    );
    expect(stderr).toContain(`mesh ${namespace}: 3 members`);
    expect(stdout.trim().split('\n')).toEqual([
      'deployment.apps/web injected',
      'statefulset.apps/db injected',
      'daemonset.apps/each injected',
      'cronjob.batch/night injected',
    ]);
    expect(exitCode).toBe(0);
    const [web = '', each = ''] = [
      ...(await podNames(namespace, 'app=web')),
      ...(await podNames(namespace, 'app=each')),
    ];
    expect(await peersOf(namespace, namespace)).toEqual(['db-0', each, web].sort());
    // The kubelet brings a changed ConfigMap within about a minute.
    const probed = async () => {
      const metrics = await metricsOf(namespace, web);
      for (const peer of ['db-0', each]) expect(metrics).toContain(`destination_pod="${peer}"`);
    };
    await vi.waitFor(probed, { timeout: 120_000, interval: 1000 });
  });

  it('keeps what others have in the template, our container last', async () => {
    expect(await templateIn(namespace, 'deploy/web')).toMatchObject({
      metadata: { labels: { app: 'web' }, annotations: { 'netprober-container-deployed': 'true' } },
      spec: {
        containers: [{ name: 'main' }],
        initContainers: [{ name: 'net-prober', restartPolicy: 'Always' }],
        volumes: [{ name: 'scratch' }, { name: 'net-prober-vol' }],
      },
    });
  });

  it('changes nothing the second time', async () => {
    const before = await getObject(namespace, 'deploy/web');
    const { stdout, exitCode } = await inject('-l', 'app=none', 'deploy');
    expect([exitCode, stdout]).toEqual([2, '']);
    const again = await inject('deploy/web');
    expect(again.stdout).toBe('deployment.apps/web unchanged\n');
    expect((await getObject(namespace, 'deploy/web')).metadata.generation).toBe(before.metadata.generation);
  });

  it('refuses ports that are declared, and that a running pod listens on, before it changes anything', async () => {
    const before = await templateIn(namespace, 'deploy/interrupted');
    const declared = await inject('deploy/interrupted', 'deploy/declares');
    expect(declared.stderr).toContain('already has port 19192');
    expect(declared.exitCode).toBe(2);
    const listening = await inject('deploy/interrupted', 'deploy/listener', '--ping-port', '8080');
    expect(listening.stderr).toMatch(/pod \S+ of deployment\/listener .* already listens on port 8080/);
    expect(listening.exitCode).toBe(2);
    expect(await templateIn(namespace, 'deploy/interrupted')).toEqual(before);
    const other = await inject('deploy/listener', '--dry-run=server');
    expect(other.exitCode).toBe(0);
  });

  it('refuses a live Job, and a bare pod that may not be made anew', async () => {
    expect((await inject('job/once')).stderr).toContain('inject -f FILE');
    const { stderr, exitCode } = await inject('pod/bare');
    expect(stderr).toContain('--recreate');
    expect(exitCode).toBe(2);
  });

  it('makes a bare pod anew where that is asked for', async () => {
    const { uid } = (await getObject(namespace, 'pod/bare')).metadata;
    expect(await inject('pod/bare', '--recreate')).toMatchObject({ exitCode: 0, stdout: 'pod/bare injected\n' });
    expect((await getObject(namespace, 'pod/bare')).metadata.uid).not.toBe(uid);
    expect(await peersOf(namespace, namespace)).toContain('bare');
    const removed = await netmachinery(['uninject', 'pod/bare', '--recreate', '-n', namespace]);
    expect(removed).toMatchObject({ exitCode: 0, stdout: 'pod/bare uninjected\n' });
    expect((await getObject<{ spec: object }>(namespace, 'pod/bare')).spec).not.toHaveProperty('initContainers');
  });

  it('says at once, in the words of the kubelet, that new pods do not start, and how to undo it', async () => {
    const words = [
      'inject',
      'deploy/unpullable',
      '-n',
      namespace,
      '--static',
      '--agent-image',
      'docker.io/netmachinery-test/absent:7',
    ];
    const { stderr, exitCode, ms } = await netmachinery(words);
    expect(stderr).toMatch(/container net-prober: (ErrImagePull|ImagePullBackOff|ErrImageNeverPull)/);
    expect(stderr).toContain(`uninject deploy/unpullable -n ${namespace}`);
    expect(exitCode).toBe(3);
    expect(ms).toBeLessThan(120_000);
    expect((await netmachinery(['uninject', 'deploy/unpullable', '-n', namespace])).exitCode).toBe(0);
  });

  it('says what is there when it is interrupted', async () => {
    await uninjected('deploy/interrupted');
    const injected = async () =>
      JSON.stringify(await templateIn(namespace, 'deploy/interrupted')).includes('net-prober-vol');
    const words = [
      'inject',
      'deploy/interrupted',
      '-n',
      namespace,
      '--static',
      '--agent-image',
      'docker.io/netmachinery-test/absent:8',
    ];
    const { stderr, exitCode } = await runUntil(words, injected, 'SIGINT');
    expect(stderr).toContain(`uninject deploy/interrupted -n ${namespace}`);
    expect([130, 3]).toContain(exitCode);
  });

  it('says which permission is missing, before it changes anything', async () => {
    const before = await templateIn(namespace, 'deploy/unpullable');
    const { stderr, exitCode } = await netmachinery([
      ...['inject', 'deploy/unpullable', '-n', namespace, '--static', '--agent-image', images.agent],
      ...asAccount(namespace, 'reader'),
    ]);
    expect(stderr).toContain('not allowed to get configmaps');
    expect(stderr).toContain(`rbac inject -n ${namespace}`);
    expect(exitCode).toBe(3);
    expect(await templateIn(namespace, 'deploy/unpullable')).toEqual(before);
  });

  it('says how to get an agent image where none is named', async () => {
    const env = { NETMACHINERY_AGENT_IMAGE: undefined };
    const { stderr, exitCode } = await netmachinery(['inject', 'deploy/web', '-n', namespace], { env });
    expect(stderr).toContain('images/agent/Dockerfile');
    expect(exitCode).toBe(2);
  });

  it('leaves a ConfigMap alone that is not ours', async () => {
    await createAnew(namespace, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'theirs' },
      data: { a: 'b' },
    });
    const { stderr, exitCode } = await inject('deploy/web', '--mesh', 'theirs');
    expect(stderr).toContain('no peer list of ours');
    expect(exitCode).toBe(2);
  });

  it('is what a pod on the host network cannot have', async () => {
    const host = await createNamespace('inject-host');
    try {
      await createReady(host, podManifest('host', { spec: { hostNetwork: true } }));
      const { stderr, exitCode } = await netmachinery([
        'inject',
        'pod/host',
        '--recreate',
        '-n',
        host,
        '--static',
        '--agent-image',
        images.agent,
      ]);
      expect(stderr).toContain('uses the network of its node');
      expect(exitCode).toBe(2);
    } finally {
      await deleteNamespace(host);
    }
  });
});

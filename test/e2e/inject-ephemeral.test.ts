// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { netmachinery } from './cli.js';
import { metricsOf, template } from './injected.js';
import { createNamespace, createReady, deleteNamespace, getPod, images } from './kubectl.js';
import { ownPods } from './own-pods.js';
import { asAccount, coreRule, serviceAccount } from './service-accounts.js';

let namespace = '';
const pod = (name: string, container: object = {}): object => {
  const { metadata, spec } = template('ephemeral', {}, container) as { metadata: object; spec: object };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name }, spec };
};

beforeAll(async () => {
  namespace = await createNamespace('inject-ephemeral', { 'pod-security.kubernetes.io/enforce': 'restricted' });
  await createReady(
    namespace,
    ...['a', 'b', 'short', 'denied', 'left', 'right', 'wrong'].map((name) => pod(name)),
    pod('listener', { image: images.web, command: undefined }),
  );
  await createReady(namespace, ...serviceAccount(namespace, 'reader', [coreRule(['pods'], ['get', 'list'])]));
});
afterAll(() => deleteNamespace(namespace));

const inject = (...words: string[]) =>
  netmachinery(['inject', ...words, '-n', namespace, '--ephemeral', '--agent-image', images.agent]);

async function stateOf(name: string): Promise<object> {
  const { status } = await getPod(namespace, name);
  return status?.ephemeralContainerStatuses?.find((each) => each.name === 'net-prober-1')?.state ?? {};
}

/** Waits until the kubelet says so: it looks at its containers once a second. */
async function told(name: string, state: object): Promise<void> {
  await vi.waitFor(async () => expect(await stateOf(name)).toMatchObject(state), { timeout: 30_000, interval: 500 });
}

describe.concurrent('inject --ephemeral', () => {
  it('measures a mesh of running pods, feeds it anew, and ends it', async () => {
    await ownPods(namespace, 'a', 'b');
    const first = await inject('a', 'b', '--period', '200ms');
    expect(first).toMatchObject({ exitCode: 0, stdout: 'pod/a injected\npod/b injected\n' });
    expect(first.stderr).toContain('2 pods get an entry');
    const probed = async () => {
      expect(await metricsOf(namespace, 'a')).toMatch(
        /probe_duration_seconds_count\{protocol="http",.*destination_pod="b"/,
      );
      expect(await metricsOf(namespace, 'b')).toMatch(
        /probe_duration_seconds_count\{protocol="http",.*destination_pod="a"/,
      );
    };
    await vi.waitFor(probed, { timeout: 20_000, interval: 300 });
    const mesh = await netmachinery(['mesh', '-n', namespace, 'a', 'b', '-o', 'csv', '--no-headers']);
    expect(mesh.exitCode).toBe(0);
    expect(mesh.stdout).toMatch(new RegExp(`,${namespace}/a,${namespace}/b,http,[1-9]`));
    expect(mesh.stdout).toMatch(new RegExp(`,${namespace}/b,${namespace}/a,http,[1-9]`));
    const again = await inject('a', 'b');
    expect(again).toMatchObject({ exitCode: 0, stdout: 'pod/a fed\npod/b fed\n', stderr: '' });
    const { spec } = await getPod(namespace, 'a');
    expect(spec.ephemeralContainers).toHaveLength(1);
    const ended = await netmachinery(['uninject', 'a', 'b', '-n', namespace, '--ephemeral']);
    expect(ended).toMatchObject({ exitCode: 0, stdout: 'pod/a uninjected\npod/b uninjected\n' });
    await told('a', { terminated: { exitCode: 0 } });
    const none = await netmachinery(['uninject', 'a', '-n', namespace, '--ephemeral']);
    expect(none).toMatchObject({ exitCode: 0, stdout: 'pod/a unchanged\n' });
  });

  it('ends by itself when its time is over', async () => {
    await ownPods(namespace, 'short');
    expect((await inject('short', '--duration', '3s')).exitCode).toBe(0);
    await told('short', { terminated: { exitCode: 0 } });
  });

  it('is ended by clean for the one who had it added, and for nobody else', async () => {
    await ownPods(namespace, 'left');
    expect((await inject('left')).exitCode).toBe(0);
    const others = [...asAccount(namespace, 'reader')];
    expect((await netmachinery(['clean', 'left', '-n', namespace, ...others])).stdout).toContain('spared');
    await told('left', { running: expect.anything() as object });
    const { stdout, exitCode } = await netmachinery(['clean', 'left', '-n', namespace]);
    expect(stdout).toMatch(/left +net-prober-1 .* ended/);
    expect(exitCode).toBe(0);
    await told('left', { terminated: { exitCode: 0 } });
  });

  it('goes on in the other pods where one does not start, says so, and takes another image later', async () => {
    await ownPods(namespace, 'right', 'wrong');
    const image = ['--agent-image', 'docker.io/netmachinery-test/absent:1'];
    expect((await inject('right')).exitCode).toBe(0);
    const words = ['inject', 'right', 'wrong', '-n', namespace, '--ephemeral', ...image];
    const { stdout, stderr, exitCode } = await netmachinery(words);
    expect(stdout).toBe('pod/right fed\n');
    expect(stderr).toMatch(new RegExp(`error: prober net-prober-1 of pod ${namespace}/wrong cannot start: \\w*Image`));
    expect(stderr).toContain('--agent-image names another image');
    expect(exitCode).toBe(3);
    // The kubelet's events come before its status, by which a prober that cannot start is known later.
    await told('wrong', { waiting: { reason: expect.stringMatching(/Image/) as string } });
    expect(await inject('right', 'wrong')).toMatchObject({
      exitCode: 0,
      stdout: 'pod/right fed\npod/wrong injected\n',
    });
  });

  it('refuses a port that is listened on, before any pod is changed', async () => {
    const { stderr, exitCode } = await inject('denied', 'listener', '--ping-port', '8080');
    expect(stderr).toContain('already listens on port 8080');
    expect(exitCode).toBe(2);
    expect((await getPod(namespace, 'denied')).spec.ephemeralContainers).toBeUndefined();
  });

  it('says which permission is missing', async () => {
    const words = ['inject', 'denied', '-n', namespace, '--ephemeral', '--agent-image', images.agent];
    const { stderr, exitCode } = await netmachinery([...words, ...asAccount(namespace, 'reader')]);
    expect(stderr).toContain('patch pods/ephemeralcontainers');
    expect(stderr).toContain(`rbac inject -n ${namespace} --ephemeral`);
    expect(exitCode).toBe(3);
  });
});

// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toolUser } from '../../src/kube/tool-container-spec.js';
import { netmachinery, report } from './cli.js';
import { createNamespace, createReady, deleteNamespace, getPod, images, kubectl, podManifest } from './kubectl.js';
import { ephemeralContainers, serverPod } from './manifests.js';
import { ownPods } from './own-pods.js';

let namespace = '';
const quick = ['--count', '2', '--interval', '20ms'];
const announcement = /^Note: 1 pod gets an ephemeral container .*stays until the pod is replaced$/m;

beforeAll(async () => {
  namespace = await createNamespace('tools');
  const sources = [
    'reused',
    'spec',
    'rights',
    'killed',
    'idle',
    'images',
    'raced',
    'disputed',
    'many-1',
    'many-2',
    'many-3',
  ];
  const labels = { many: 'yes' };
  await createReady(
    namespace,
    serverPod('server'),
    ...sources.map((name) => podManifest(name, name.startsWith('many') ? { labels } : {})),
  );
});
afterAll(() => deleteNamespace(namespace));

const ping = (...words: string[]) => report(['ping', '-n', namespace, ...words, ...quick]);
const namesIn = async (pod: string) => ((await ephemeralContainers(namespace))[pod] ?? []).sort();
const containerOf = async (pod: string, name: string) =>
  (await getPod(namespace, pod)).spec.ephemeralContainers?.find((container) => container.name === name);

/** Waits until a container of a pod has ended. */
function ended(pod: string, container: string): Promise<string> {
  const path = `{.status.ephemeralContainerStatuses[?(@.name=="${container}")].state.terminated.exitCode}`;
  return kubectl(['wait', '-n', namespace, `pod/${pod}`, `--for=jsonpath=${path}=0`, '--timeout=40s']);
}

describe.concurrent('a tool container', () => {
  it('is announced and added once, and reused by ping and connect', async () => {
    await ownPods(namespace, 'reused');
    const first = await ping('reused', 'server');
    expect(first.stderr).toMatch(announcement);
    expect(first.stderr).toContain(images.toolbox);
    const second = await ping('reused', 'server');
    expect(second.stderr).toBe('');
    const third = await report(['connect', '-n', namespace, 'reused', 'server:8080']);
    expect(third.stderr).toBe('');
    expect([first, second, third].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(await namesIn('reused')).toEqual(['netmachinery-1']);
  });

  it('asks for nothing that PodSecurity restricted forbids, and not for the processes of another container', async () => {
    await ownPods(namespace, 'spec');
    await ping('spec', 'server');
    const container = await containerOf('spec', 'netmachinery-1');
    expect(container?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
      runAsUser: toolUser((await getPod(namespace, 'spec')).metadata.uid),
      runAsGroup: 65_534,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container).not.toHaveProperty('targetContainerName');
    expect(container).toMatchObject({ image: images.toolbox, imagePullPolicy: 'IfNotPresent' });
  });

  it('is one for each rights, and the weaker verb never takes the stronger one', async () => {
    await ownPods(namespace, 'rights');
    await ping('rights', 'server', '--raw');
    expect(await namesIn('rights')).toEqual(['netmachinery-raw-1']);
    const plain = await ping('rights', 'server');
    expect(plain.stderr).toMatch(announcement);
    expect(await namesIn('rights')).toEqual(['netmachinery-1', 'netmachinery-raw-1']);
    const raw = await ping('rights', 'server', '--raw');
    expect(raw.stderr).toBe('');
    expect(raw.exitCode).toBe(0);
  });

  it('that died is followed by the next generation', async () => {
    await ownPods(namespace, 'killed');
    await ping('killed', 'server');
    // The end of process 1 may take the command along, whose exit code says nothing then.
    const kill = ['exec', '-n', namespace, 'killed', '-c', 'netmachinery-1', '--', 'sh', '-c', 'kill 1'];
    await kubectl(kill).catch(() => undefined);
    await ended('killed', 'netmachinery-1');
    const { exitCode, stderr } = await ping('killed', 'server');
    expect(stderr).toMatch(announcement);
    expect(exitCode).toBe(0);
    expect(await namesIn('killed')).toEqual(['netmachinery-1', 'netmachinery-2']);
  });

  it('ends by itself after --idle, counted from the end of its work', async () => {
    await ownPods(namespace, 'idle');
    const { exitCode } = await ping('idle', 'server', '--idle', '3s', '--connect-timeout', '100ms');
    expect(exitCode).toBe(0);
    await ended('idle', 'netmachinery-1');
    await ping('idle', 'server');
    expect(await namesIn('idle')).toEqual(['netmachinery-1', 'netmachinery-2']);
  });

  it('has the image that was asked for', async () => {
    await ownPods(namespace, 'images');
    await ping('images', 'server');
    const other = await ping('images', 'server', '--image', images.busybox, '--image-pull-policy', 'Never');
    expect(other.stderr).toContain(images.busybox);
    expect(await containerOf('images', 'netmachinery-2')).toMatchObject({
      image: images.busybox,
      imagePullPolicy: 'Never',
    });
    const again = await ping('images', 'server', '--image', images.busybox);
    expect(again.stderr).toBe('');
    expect(await namesIn('images')).toEqual(['netmachinery-1', 'netmachinery-2']);
  });

  it('is one, however many of us come at once', async () => {
    await ownPods(namespace, 'raced');
    const runs = await Promise.all(Array.from({ length: 4 }, () => ping('raced', 'server')));
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    expect(runs.every(({ report: found }) => found.summary.pass === 1)).toBe(true);
    expect(await namesIn('raced')).toEqual(['netmachinery-1']);
  });

  it('is one for each of us where we ask for different ones at once', async () => {
    await ownPods(namespace, 'disputed');
    const asked = [images.toolbox, images.busybox, images.web];
    const runs = await Promise.all(asked.map((image) => ping('disputed', 'server', '--image', image)));
    expect(runs.map(({ report: found }) => found.results[0]?.reason)).toEqual([
      'EchoReply',
      'PingNotPermitted',
      'PingNotPermitted',
    ]);
    const { spec } = await getPod(namespace, 'disputed');
    expect(spec.ephemeralContainers?.map(({ image }) => image).sort()).toEqual([...asked].sort());
  });

  it('is announced for all sources at once, and more than --max-pods are refused untouched', async () => {
    await ownPods(namespace, 'many-1', 'many-2', 'many-3');
    const all = ['ping', '-n', namespace, '-l', 'many=yes', '--mode', 'all', 'server', ...quick];
    const refused = await netmachinery([...all, '--max-pods', '2']);
    expect(refused.stderr).toContain('--max-pods 2');
    expect(refused.exitCode).toBe(2);
    expect(await namesIn('many-1')).toEqual([]);
    const allowed = await netmachinery(all);
    expect(allowed.stderr).toMatch(/^Note: 3 pods get an ephemeral container/);
    expect(allowed.exitCode).toBe(0);
    expect(await Promise.all(['many-1', 'many-2', 'many-3'].map(namesIn))).toEqual(Array(3).fill(['netmachinery-1']));
  });
});

// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toolContainerSpec } from '../../src/kube/tool-container-spec.js';
import type { KubeObject } from '../../src/kube/objects.js';
import type { Report } from '../../src/model/report.js';
import { report } from './cli.js';
import { createNamespace, createReady, deleteNamespace, images, kubectl, podManifest } from './kubectl.js';
import { serverPod } from './manifests.js';
import { ownPods } from './own-pods.js';
import { hintsOf } from './results.js';

let namespace = '';
const absent = 'docker.io/netmachinery-test/absent:3';
const quick = ['--count', '2', '--interval', '20ms'];
/** A volume that no container of the pod mounts: below a file nothing can be mounted from. */
const brokenVolume = { name: 'broken', hostPath: { path: '/etc/hostname/below-a-file' } };

beforeAll(async () => {
  namespace = await createNamespace('start');
  const puller = { serviceAccountName: 'puller', imagePullSecrets: [{ name: 'mirror' }, { name: 'mirror-2' }] };
  await createReady(
    namespace,
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'puller' } },
    serverPod('server'),
    podManifest('pulls', { spec: puller }),
    podManifest('name'),
    podManifest('environment'),
    podManifest('volume', { spec: { volumes: [brokenVolume] } }),
    podManifest('no-shell'),
  );
});
afterAll(() => deleteNamespace(namespace));

async function ping(
  source: string,
  ...flags: string[]
): Promise<{ found: Report; exitCode: number | null; ms: number }> {
  const { report: found, exitCode, ms } = await report(['ping', '-n', namespace, source, 'server', ...quick, ...flags]);
  return { found, exitCode, ms };
}

/** A tool container as we add it, but for what a mutating webhook of the cluster may have put into it. */
function addMutated(pod: string, mutation: object): Promise<string> {
  const container = { ...toolContainerSpec({ image: images.toolbox }, 1), ...mutation };
  const patch = JSON.stringify({ spec: { ephemeralContainers: [container] } });
  return kubectl([
    'patch',
    'pod',
    '-n',
    namespace,
    pod,
    '--subresource=ephemeralcontainers',
    '-p',
    patch,
    '-o',
    'json',
  ]);
}

/** What the kubelet's own first slip looks like among the events of a pod. */
function passingWarning({ metadata: { name, uid } }: KubeObject): object {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.slip`, namespace },
    type: 'Warning',
    reason: 'Failed',
    message: 'Error: failed to sync configmap cache: timed out waiting for the condition',
    involvedObject: { kind: 'Pod', namespace, name, uid, fieldPath: 'spec.ephemeralContainers{netmachinery-1}' },
  };
}

describe.concurrent("a tool container that does not start fails at once, in the kubelet's words", () => {
  it('ErrImagePull and then ImagePullBackOff, with what the pod pulls with', async () => {
    await ownPods(namespace, 'pulls');
    const first = await ping('pulls', '--image', absent);
    expect(first.found.results[0]).toMatchObject({ verdict: 'error', reason: 'ImageNotPulled', attempts: 0 });
    expect(first.found.results[0]?.message).toMatch(/cannot start: ErrImagePull: .*absent/);
    const advice =
      'the pod pulls with imagePullSecrets mirror, mirror-2 (service account puller); --image names another image';
    expect(hintsOf(first.found, first.found.results[0])[0]).toContain(advice);
    expect(first.exitCode).toBe(3);
    expect(first.ms).toBeLessThan(15_000);
    const reason = '{.status.ephemeralContainerStatuses[0].state.waiting.reason}';
    await kubectl(['wait', '-n', namespace, 'pod/pulls', `--for=jsonpath=${reason}=ImagePullBackOff`, '--timeout=60s']);
    const again = await ping('pulls', '--image', absent);
    expect(again.found.results[0]?.message).toMatch(/cannot start: (ImagePullBackOff|ErrImagePull): .*absent/);
    expect(hintsOf(again.found, again.found.results[0])[0]).toContain(advice);
    expect(again.ms).toBeLessThan(15_000);
  });

  it('InvalidImageName', async () => {
    await ownPods(namespace, 'name');
    const { found, exitCode, ms } = await ping('name', '--image', 'docker.io/Upper/Case:1');
    expect(found.results[0]).toMatchObject({ verdict: 'error', reason: 'ImageNotPulled', attempts: 0 });
    expect(found.results[0]?.message).toMatch(/cannot start: InvalidImageName: .*Upper/);
    expect(hintsOf(found, found.results[0])[0]).toContain('no imagePullSecrets (service account default)');
    expect(exitCode).toBe(3);
    expect(ms).toBeLessThan(15_000);
  });

  it('CreateContainerConfigError', async () => {
    await ownPods(namespace, 'environment');
    const valueFrom = { configMapKeyRef: { name: 'not-there', key: 'x' } };
    const env = [...(toolContainerSpec({ image: images.toolbox }, 1).env ?? []), { name: 'INJECTED', valueFrom }];
    const pod = await addMutated('environment', { env });
    // A kubelet that waits for the API server says this first, and tries again 10 to 15 s later: not the container's fault.
    await kubectl(['apply', '-f', '-'], JSON.stringify(passingWarning(JSON.parse(pod) as KubeObject)));
    const told = '{.status.ephemeralContainerStatuses[0].state.waiting.message}=configmap "not-there" not found';
    await kubectl(['wait', '-n', namespace, 'pod/environment', `--for=jsonpath=${told}`, '--timeout=60s']);
    const { found, exitCode, ms } = await ping('environment');
    expect(found.results[0]).toMatchObject({ verdict: 'error', reason: 'ToolContainerFailed', attempts: 0 });
    expect(found.results[0]?.message).toMatch(/cannot start: CreateContainerConfigError: .*"not-there" not found/);
    expect(exitCode).toBe(3);
    expect(ms).toBeLessThan(15_000);
  });

  it('CreateContainerError', async () => {
    await ownPods(namespace, 'volume');
    await addMutated('volume', { volumeMounts: [{ name: brokenVolume.name, mountPath: '/mnt' }] });
    const { found, exitCode, ms } = await ping('volume');
    expect(found.results[0]).toMatchObject({ verdict: 'error', reason: 'ToolContainerFailed', attempts: 0 });
    expect(found.results[0]?.message).toMatch(/cannot start: CreateContainerError: .*below-a-file/);
    expect(exitCode).toBe(3);
    expect(ms).toBeLessThan(15_000);
  });

  it('RunContainerError', async () => {
    await ownPods(namespace, 'no-shell');
    const { found, exitCode, ms } = await ping('no-shell', '--image', images.static);
    expect(found.results[0]?.message).toMatch(/cannot start: RunContainerError: .*"sh": executable file not found/);
    expect(hintsOf(found, found.results[0])[0]).toContain('--image names another');
    expect(exitCode).toBe(3);
    expect(ms).toBeLessThan(15_000);
  });
});

// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { netmachinery } from '../e2e/cli.js';
import { createNamespace, deleteNamespace, images, kubectl } from '../e2e/kubectl.js';

// The agents are the cluster's: nobody else may use them meanwhile.
let namespace: string;

beforeAll(async () => {
  namespace = await createNamespace('agents');
});
afterAll(async () => {
  await netmachinery(['inject', 'uninstall', '--force']);
  await deleteNamespace(namespace);
});

const enable = (image: string) =>
  netmachinery(['inject', 'enable', 'mesh', '-l', 'a=b', '-n', namespace, '--agent-image', image]);

const ours = () =>
  kubectl([
    ...['get', 'clusterroles,clusterrolebindings,mutatingwebhookconfigurations,customresourcedefinitions,namespaces'],
    ...['-l', 'app.kubernetes.io/managed-by=netmachinery', '-o', 'name'],
  ]);

describe('inject uninstall', () => {
  it('removes all, and says when there is nothing', async () => {
    await netmachinery(['inject', 'uninstall', '--force']);
    await kubectl(['wait', '--for=delete', 'namespace/netmachinery-system', '--timeout=90s']);
    // A definition goes once its objects are gone.
    await expect.poll(ours, { timeout: 20_000 }).toBe('');
    const again = await netmachinery(['inject', 'uninstall']);
    expect(again).toMatchObject({ exitCode: 0, stdout: '', stderr: 'No agents found.\n' });
  });
});

describe('inject enable without agents', () => {
  it('needs an image, and tells how to make one', async () => {
    const words = ['inject', 'enable', 'mesh', '-l', 'a=b', '-n', namespace];
    const { exitCode, stderr } = await netmachinery(words, { env: { NETMACHINERY_AGENT_IMAGE: undefined } });
    expect(stderr).toContain('docker build -f images/agent/Dockerfile');
    expect(exitCode).toBe(2);
    expect(await ours()).toBe('');
  });

  it("fails at once, in the kubelet's words, where the image cannot be pulled; another one mends it", async () => {
    const failed = await enable('registry.invalid/agent:1');
    expect(failed.stderr).toContain('installing netmachinery-prober-controller and netmachinery-prober-webhook');
    expect(failed.stderr).toMatch(/cannot start .*(ErrImagePull|ImagePullBackOff)/);
    expect(failed.exitCode).toBe(3);
    const mended = await enable(images.agent);
    expect(mended.stderr).toContain('updating netmachinery-prober-controller');
    expect(mended.exitCode, mended.stderr).toBe(0);
  });

  it('is not undone while a NetworkProber is there, unless forced', async () => {
    const { exitCode, stderr } = await netmachinery(['inject', 'uninstall']);
    expect(stderr).toContain(`${namespace}/mesh`);
    expect(exitCode).toBe(2);
    const forced = await netmachinery(['inject', 'uninstall', '--force']);
    expect(forced.stdout).toContain('deleted Namespace netmachinery-system');
    // What the controller was just writing may come after what has removed it from the list.
    const left = () => kubectl(['get', 'rolebindings,configmaps', '-n', namespace, '-o', 'name']);
    await expect.poll(left, { timeout: 20_000 }).toBe('configmap/kube-root-ca.crt\n');
  });
});

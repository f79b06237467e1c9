// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { netmachinery } from './cli.js';
import { createNamespace, createReady, deleteNamespace, images, kubectl, podManifest } from './kubectl.js';
import { ephemeralContainers } from './manifests.js';

interface Manifest {
  metadata: { name: string };
  spec: { policyName?: string; matchResources?: object };
}

let namespace = '';
const kinds = 'validatingadmissionpolicies,validatingadmissionpolicybindings';

/** The policy that docs/security.md recommends, for one namespace and the test cluster's image. */
function documentedPolicy(): Manifest[] {
  const text = readFileSync(join(import.meta.dirname, '../../docs/security.md'), 'utf8');
  const [, yaml = ''] = /```yaml\n(apiVersion: admissionregistration[^]*?)```/.exec(text) ?? [];
  const [policy, binding] = loadAll(yaml.replace('docker.io/nicolaka/netshoot:v0.15', images.toolbox)) as Manifest[];
  if (policy === undefined || binding === undefined) throw new Error('docs/security.md has no policy');
  const metadata = { name: namespace };
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
  const spec = { ...binding.spec, policyName: namespace, matchResources: { namespaceSelector } };
  return [
    { ...policy, metadata },
    { ...binding, metadata, spec },
  ];
}

/** What the server says to an ephemeral container, without adding it. */
function tryToAdd(container: object): Promise<string> {
  const patch = JSON.stringify({ spec: { ephemeralContainers: [container] } });
  const words = ['patch', 'pod', '-n', namespace, 'source', '--subresource', 'ephemeralcontainers', '--dry-run=server'];
  return kubectl([...words, '-p', patch]).catch((thrown: unknown) => (thrown as Error).message);
}

const ours = {
  name: 'netmachinery-7',
  image: images.toolbox,
  securityContext: { runAsNonRoot: true, runAsUser: 65_534 },
  env: [{ name: 'NETMACHINERY_CALLER', value: 'admin' }],
};

beforeAll(async () => {
  namespace = await createNamespace('policy');
  await createReady(namespace, podManifest('source'));
  const items = documentedPolicy();
  await kubectl(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  // The API server takes a moment to know a new policy.
  const giveUpMs = Date.now() + 60_000;
  while (!/ValidatingAdmissionPolicy/.test(await tryToAdd({ ...ours, name: 'debugger' }))) {
    if (Date.now() > giveUpMs) throw new Error('the policy has no effect');
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
});
afterAll(async () => {
  await Promise.all([kubectl(['delete', kinds, namespace]), deleteNamespace(namespace)]);
});

describe('under the policy that docs/security.md recommends', () => {
  it('ping works', async () => {
    const { exitCode } = await netmachinery(['ping', '-n', namespace, 'source', '127.0.0.1', '--count', '1']);
    expect(exitCode).toBe(0);
    expect(await ephemeralContainers(namespace)).toEqual({ source: ['netmachinery-1'] });
  });

  it.each([
    ['another name', { ...ours, name: 'debugger' }, /only tool containers of kubectl netmachinery/],
    ['another image', { ...ours, image: images.busybox }, /image that was agreed on/],
    ['root', { ...ours, securityContext: { runAsUser: 0 } }, /without capabilities, root/],
    [
      'capabilities',
      { ...ours, securityContext: { ...ours.securityContext, capabilities: { add: ['NET_ADMIN'] } } },
      /without capabilities, root/,
    ],
    ['the processes of another container', { ...ours, targetContainerName: 'main' }, /processes of others/],
    ['a forged caller', { ...ours, env: [{ name: 'NETMACHINERY_CALLER', value: 'joe' }] }, /who had them added/],
    ['no caller', { ...ours, env: [] }, /who had them added/],
  ])('an ephemeral container with %s is refused', async (_, container, message) => {
    expect(await tryToAdd(container)).toMatch(message);
    expect(await tryToAdd(ours)).not.toMatch(/ValidatingAdmissionPolicy/);
  });

  it('ping --raw is refused with the words of the policy', async () => {
    const { exitCode, stdout, stderr } = await netmachinery([
      ...['ping', '-n', namespace, 'source', '127.0.0.1', '--count', '1', '--raw'],
    ]);
    expect(stdout + stderr).toContain('tool containers have to do without capabilities');
    expect(exitCode).not.toBe(0);
    expect(exitCode).not.toBe(1);
  });
});

// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createNamespace, createReady, deleteNamespace, images, kubectl, podManifest } from '../../e2e/kubectl.js';

const dist = join(import.meta.dirname, '../../../dist');
let namespace: string;

beforeAll(async () => {
  namespace = await createNamespace('in-cluster');
  // On node1, which is this machine: the pod sees the built executable.
  const container = {
    name: 'main',
    image: images.toolbox,
    command: ['sleep', 'infinity'],
    volumeMounts: [{ name: 'dist', mountPath: '/plugin', readOnly: true }],
  };
  const spec = { containers: [container], volumes: [{ name: 'dist', hostPath: { path: dist } }] };
  await createReady(namespace, podManifest('inside', { spec }), podManifest('other'));
});

afterAll(async () => {
  await deleteNamespace(namespace);
});

/** Runs the executable in the pod; there is no kubeconfig there. */
function inside(...words: string[]): Promise<string> {
  return kubectl(['exec', '-n', namespace, 'inside', '--', '/plugin/kubectl-netmachinery', ...words]);
}

test('a pod talks to its own cluster as its service account, in its namespace', async () => {
  expect(await inside('version')).toMatch(/^Server Version: v1\.\d+/m);
  const account = `system:serviceaccount:${namespace}:default`;
  await expect(inside('ping', 'inside', 'other')).rejects.toThrow(
    new RegExp(`User "${account}" cannot get resource "pods" in API group "" in the namespace "${namespace}"`),
  );
});

test('with a role it tests from its own namespace', async () => {
  await kubectl(['delete', 'rolebinding', 'all', '-n', namespace, '--ignore-not-found']);
  const role = ['create', 'rolebinding', 'all', '-n', namespace, '--clusterrole=cluster-admin'];
  await kubectl([...role, `--serviceaccount=${namespace}:default`]);
  const report = JSON.parse(
    await inside('ping', 'other', 'inside', '--count', '1', '-o', 'json', '--image', images.toolbox),
  ) as {
    results: { verdict: string }[];
  };
  expect(report.results.map(({ verdict }) => verdict)).toEqual(['pass']);
});

test('flags win over the service account', async () => {
  await expect(inside('version', '--server', 'http://127.0.0.1:9')).rejects.toThrow(
    'The connection to the server 127.0.0.1:9 was refused',
  );
});

// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.js';
import { account, deleteClusterRoles } from '../e2e/accounts.js';
import { createAnew, createNamespace, createReady, deleteNamespace, kubectl, podManifest } from '../e2e/kubectl.js';
import { serverPod } from '../e2e/manifests.js';
import { ownFolder } from './made-release.js';
import { importScratchImage } from './scratch-image.js';

const image = `docker.io/netmachinery-test/scratch-${randomBytes(4).toString('hex')}:1`;
let namespace = '';
let removeImage = () => Promise.resolve();

beforeAll(async () => {
  namespace = await createNamespace('scratch');
  removeImage = await importScratchImage(image, join(ownFolder(), 'kubectl-netmachinery'));
  await account(namespace, 'pinger', ['ping', '-n', namespace]);
  await createReady(namespace, serverPod('server'), podManifest('source'));
});
afterAll(async () => {
  await deleteClusterRoles(namespace);
  await deleteNamespace(namespace);
  await removeImage();
});

/** Runs the plugin in a pod of the image, as the service account and with the rights of `rbac ping`; returns its output. */
async function runInPod(name: string, args: readonly string[]): Promise<{ exitCode: string; output: string }> {
  const spec = {
    serviceAccountName: 'pinger',
    restartPolicy: 'Never',
    containers: [
      {
        name: 'plugin',
        image,
        imagePullPolicy: 'Never',
        args,
        env: [{ name: 'NETMACHINERY_IMAGE', value: process.env['NETMACHINERY_IMAGE'] }],
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      },
    ],
  };
  await createAnew(namespace, podManifest(name, { node: 'node1', spec }));
  const done = '{.status.containerStatuses[0].state.terminated}';
  await kubectl(['wait', '-n', namespace, `pod/${name}`, `--for=jsonpath=${done}`, '--timeout=60s']);
  const exitCode = `jsonpath=${done.replace('}', '.exitCode}')}`;
  return {
    exitCode: await kubectl(['get', 'pod', '-n', namespace, name, '-o', exitCode]),
    output: await kubectl(['logs', '-n', namespace, name]),
  };
}

it('the executable pings from a container that holds only the libraries it names', async () => {
  const version = await runInPod('version', ['version', '--client']);
  expect(version.output).toMatch(/^Client Version: v/);
  expect(version.exitCode).toBe('0');

  const ping = ['ping', '-n', namespace, 'source', 'server', '--count', '2', '--interval', '20ms', '-o', 'json'];
  const pinged = await runInPod('ping', ping);
  const json = pinged.output.slice(pinged.output.indexOf('{'));
  const { results } = JSON.parse(json) as Report;
  expect(results.map(({ reason }) => reason)).toEqual(['EchoReply']);
  expect(pinged.exitCode).toBe('0');
});

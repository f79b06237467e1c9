// SPDX-License-Identifier: Apache-2.0
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apiPort, node1 } from './addresses.js';
import type { ClientName } from './certificates.js';
import type { ClusterPaths } from './paths.js';

const localClients: ClientName[] = ['admin', 'controller-manager', 'scheduler', 'proxy', 'node1', 'node2'];

/** The kubeconfig file of one of the API server's clients. */
export function kubeconfigOf(client: ClientName, paths: ClusterPaths): string {
  return join(paths.kubeconfigs, `${client}.yaml`);
}

/**
 * Writes a kubeconfig for each client. Certificates and keys are embedded, so that a copy of the file works by itself,
 * and all use the API server's address that node2 reaches too.
 */
export async function writeKubeconfigs(paths: ClusterPaths): Promise<void> {
  await mkdir(paths.kubeconfigs, { recursive: true, mode: 0o700 });
  const embedded = async (file: string) => (await readFile(join(paths.pki, file))).toString('base64');
  for (const client of localClients) {
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'netmachinery-test',
          cluster: {
            server: `https://${node1.ipv4}:${apiPort}`,
            'certificate-authority-data': await embedded('ca.crt'),
          },
        },
      ],
      users: [
        {
          name: client,
          user: {
            'client-certificate-data': await embedded(`${client}.crt`),
            'client-key-data': await embedded(`${client}.key`),
          },
        },
      ],
      contexts: [{ name: 'netmachinery-test', context: { cluster: 'netmachinery-test', user: client } }],
      'current-context': 'netmachinery-test',
    };
    // JSON is YAML, and needs no library to be written.
    await writeFile(kubeconfigOf(client, paths), JSON.stringify(config, null, 2), { mode: 0o600 });
  }
}

// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import type { Kubeconfig } from './kubeconfig.js';

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';
const name = 'in-cluster';

/** The service account of the pod that we run in as a kubeconfig, or undefined outside of a cluster. */
export function inClusterKubeconfig(
  environment: NodeJS.ProcessEnv,
  directory: string = serviceAccount,
): Kubeconfig | undefined {
  const host = environment['KUBERNETES_SERVICE_HOST'];
  const port = environment['KUBERNETES_SERVICE_PORT'];
  const tokenFile = join(directory, 'token');
  if (!host || !port || !existsSync(tokenFile)) return undefined;
  const namespaceFile = join(directory, 'namespace');
  const namespace = existsSync(namespaceFile) ? readFileSync(namespaceFile, 'utf8').trim() : 'default';
  return {
    currentContext: name,
    contexts: new Map([[name, { cluster: name, user: name, namespace }]]),
    clusters: new Map([
      [
        name,
        {
          server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
          'certificate-authority': join(directory, 'ca.crt'),
        },
      ],
    ]),
    users: new Map([[name, { tokenFile }]]),
  };
}

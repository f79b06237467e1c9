// SPDX-License-Identifier: Apache-2.0
import { asFailure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import type { KubeObject } from '../../kube/objects.js';
import { checkAuthorityName, checkServerName } from '../../model/check.js';
import { serviceNames, type CertificatePurpose } from './purpose.js';

interface AuthorityMap extends KubeObject {
  data?: Record<string, string> | null;
}

const key = 'ca.crt';
const ours = { 'app.kubernetes.io/managed-by': 'netmachinery' };

/** The certificate of a check's server, vouched for in a ConfigMap of each namespace that has agents. */
export function checkCertificate(namespace: string, namespaces: readonly string[]): CertificatePurpose {
  return {
    title: 'server of the check',
    secret: checkServerName,
    fieldManager: checkServerName,
    names: serviceNames(checkServerName, namespace),
    titles: { server: checkServerName, authority: 'netmachinery check authority' },
    publish: async (cluster, authorities, signal) => {
      const text = authorities.join('');
      const written = await Promise.all(namespaces.map((each) => writeAuthority(cluster, each, text, signal)));
      return written.includes(true);
    },
    published: `ConfigMap ${checkAuthorityName} of ${namespaces.join(' and ')}`,
    // A kubelet brings a changed ConfigMap into a pod within its sync period and the time that its cache holds: 60 s + 60 s.
    settleMs: 150_000,
  };
}

/** Returns whether it had to be written; a namespace that is not there needs nothing. */
async function writeAuthority(
  cluster: Cluster,
  namespace: string,
  text: string,
  signal: AbortSignal,
): Promise<boolean> {
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const options = { query: { fieldManager: checkServerName }, signal };
  try {
    const found = await cluster.get<AuthorityMap>(`${path}/${checkAuthorityName}`, { signal });
    if (found.data?.[key] === text) return false;
    await cluster.patch(`${path}/${checkAuthorityName}`, 'merge', { data: { [key]: text } }, options);
    return true;
  } catch (thrown) {
    if (asFailure(thrown).status !== 404) throw thrown;
  }
  const metadata = { name: checkAuthorityName, labels: ours };
  try {
    await cluster.create(path, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [key]: text } }, options);
    return true;
  } catch (thrown) {
    // Somebody has deleted it, and its agents with it.
    if (asFailure(thrown).status === 404) return false;
    throw thrown;
  }
}

// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import { getIfThere } from '../../installation/apply-object.js';
import type { Cluster } from '../../kube/cluster.js';
import type { KubeObject } from '../../kube/objects.js';
import { pause } from '../../kube/pause.js';
import { checkAuthorityName, checkNamespace, checkServerName, type AgentNetwork } from '../../model/check.js';
import { namespaceOf } from '../objects/namespaces.js';

const lookMs = 500;

interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
}

/**
 * Waits until the server has written the authority of its certificate where agents mount it from. Throws Failure `tool` when the
 * time is over.
 */
export async function awaitAuthority(
  cluster: Cluster,
  networks: readonly AgentNetwork[],
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<void> {
  const untilMs = performance.now() + timeoutMs;
  for (const namespace of networks.map(namespaceOf)) {
    const path = `/api/v1/namespaces/${namespace}/configmaps/${checkAuthorityName}`;
    while (((await getIfThere<ConfigMap>(cluster, path, signal))?.data?.['ca.crt'] ?? '') === '') {
      if (performance.now() > untilMs) {
        throw new Failure('tool', `the server made no certificate: ${namespace}/${checkAuthorityName} is not there`, {
          reason: 'DeadlineExceeded',
          hint: `see kubectl logs -n ${checkNamespace} deploy/${checkServerName}`,
        });
      }
      await pause(lookMs, signal);
    }
  }
}

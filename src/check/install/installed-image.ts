// SPDX-License-Identifier: Apache-2.0
import { getIfThere } from '../../installation/apply-object.js';
import type { Deployment } from '../../installation/await-deployment.js';
import type { Cluster } from '../../kube/cluster.js';
import { isForbidden } from '../../kube/container-events.js';
import { checkNamespace, checkServerName } from '../../model/check.js';

/** The image of the check that is installed; undefined where there is none, or who asks may not see it. */
export async function installedImage(cluster: Cluster, signal: AbortSignal): Promise<string | undefined> {
  const path = `/apis/apps/v1/namespaces/${checkNamespace}/deployments/${checkServerName}`;
  const deployment = await getIfThere<Deployment>(cluster, path, signal).catch((thrown: unknown) => {
    if (isForbidden(thrown)) return undefined;
    throw thrown;
  });
  return deployment?.spec.template.spec.containers[0]?.image;
}

// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import type { KubeObject } from '../../kube/objects.js';
import { controllerName } from '../../model/prober.js';

interface WebhookConfiguration extends KubeObject {
  webhooks?: { name: string; clientConfig: { caBundle?: string } }[];
}

/**
 * Writes the authorities (PEM) into every webhook of a MutatingWebhookConfiguration, and no other field. Returns whether
 * anything had to be written; an absent configuration needs nothing. Throws as Cluster does.
 */
export async function writeBundle(
  cluster: Cluster,
  name: string,
  authorities: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  const path = `/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/${name}`;
  const caBundle = Buffer.from(authorities.join('')).toString('base64');
  const configuration = await cluster.get<WebhookConfiguration>(path, { signal }).catch((thrown: unknown) => {
    if (thrown instanceof Failure && thrown.status === 404) return undefined;
    throw thrown;
  });
  const changes = (configuration?.webhooks ?? []).flatMap((webhook, index) =>
    webhook.clientConfig.caBundle === caBundle
      ? []
      : [
          // Who puts another webhook in this place meanwhile is not given our authority.
          { op: 'test', path: `/webhooks/${index}/name`, value: webhook.name },
          { op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value: caBundle },
        ],
  );
  if (changes.length === 0) return false;
  await cluster.patch(path, 'json', changes, { query: { fieldManager: controllerName }, signal });
  return true;
}

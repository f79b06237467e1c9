// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import type { KubeObject } from '../../kube/objects.js';
import { peerListLabel, peerListRole } from '../../model/prober.js';
import { pathOf, type InstalledObject } from '../../installation/installed-object.js';
import { controllerObjects, webhookObjects } from './agent-objects.js';
import { usualApiPorts } from '../../installation/api-ports.js';
import { deleteIfThere } from '../../installation/apply-object.js';
import { networkProberDefinition } from './network-prober-definition.js';

const networkProbers = '/apis/probes.bigmikes.io/v1alpha1/networkprobers';

export interface RemovalRequest {
  /** Also where NetworkProbers are left, which go with their definition. */
  force: boolean;
  /** Takes a line for each object that is deleted, as `kubectl delete` says it. */
  say: (line: string) => void;
  signal: AbortSignal;
}

async function all<T extends KubeObject>(
  cluster: Cluster,
  path: string,
  options: { signal: AbortSignal; labelSelector?: string; fieldSelector?: string },
): Promise<T[]> {
  const found: T[] = [];
  try {
    for await (const page of cluster.list<T>(path, options)) found.push(...page);
  } catch (thrown) {
    // Without their definition there are none.
    if (thrown instanceof Failure && thrown.code === 'notFound') return [];
    throw thrown;
  }
  return found;
}

function labelOf({ kind, metadata }: InstalledObject): string {
  const where = metadata.namespace === undefined ? '' : ` in namespace ${metadata.namespace}`;
  return `deleted ${kind} ${metadata.name}${where}`;
}

/** RoleBindings and peer lists, which lie in the namespaces of meshes. */
async function leftInNamespaces(cluster: Cluster, signal: AbortSignal): Promise<InstalledObject[]> {
  const bindings = await all(cluster, '/apis/rbac.authorization.k8s.io/v1/rolebindings', {
    fieldSelector: `metadata.name=${peerListRole}`,
    signal,
  });
  return bindings.map(({ metadata }) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: metadata.name, namespace: metadata.namespace ?? '' },
  }));
}

/**
 * Removes everything that `ensureAgents` installs, in every namespace, and what the controller wrote there; probers that are
 * in pods stay, and probe nobody any more. Throws Failure `usage` where NetworkProbers are left, unless forced.
 */
export async function removeAgents(cluster: Cluster, { force, say, signal }: RemovalRequest): Promise<number> {
  const left = await all(cluster, networkProbers, { signal });
  if (left.length > 0 && !force) {
    const names = left.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`);
    const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ', ...' : '');
    throw new Failure('usage', `${names.length} NetworkProbers are there: ${shown}`, {
      hint: 'kubectl netmachinery inject disable NAME -n NAMESPACE each of them first, or --force deletes them too',
    });
  }
  const options = { agentImage: '', certificates: 'own' as const, apiPorts: usualApiPorts };
  const [namespace, ...controller] = controllerObjects(options);
  let deleted = 0;
  const remove = async (path: string, label: string) => {
    if (!(await deleteIfThere(cluster, path, signal))) return;
    say(label);
    deleted += 1;
  };
  // The API server first: it is to ask nobody who is gone. The controller next, or it writes peer lists again.
  const objects = [...webhookObjects(options).reverse(), ...controller.reverse()];
  const bindings = await leftInNamespaces(cluster, signal);
  for (const object of [...objects, ...bindings]) await remove(pathOf(object), labelOf(object));
  const lists = await all(cluster, '/api/v1/configmaps', { labelSelector: `${peerListLabel}=controller`, signal });
  for (const { metadata } of lists) {
    const where = metadata.namespace ?? '';
    await remove(
      `/api/v1/namespaces/${where}/configmaps/${metadata.name}`,
      `deleted ConfigMap ${metadata.name} in namespace ${where}`,
    );
  }
  const definition = await networkProberDefinition();
  for (const object of [definition, namespace]) {
    if (object !== undefined) await remove(pathOf(object), labelOf(object));
  }
  return deleted;
}

// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import type { KubeObject } from '../kube/objects.js';
import { NearestNames } from './edit-distance.js';
import { collectionPath, shortType, type ResourceKind } from './resource-types.js';

/** Where an object was looked for. */
export interface ObjectAddress {
  kind: ResourceKind;
  namespace: string;
  name: string;
}

/** What controls a pod, as a target: the Deployment behind a ReplicaSet is known by the hash in its name. */
function controllerTarget({ metadata }: KubeObject): { text: string; name: string } | undefined {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined) return undefined;
  const hash = metadata.labels?.['pod-template-hash'];
  if (owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`)) {
    const name = owner.name.slice(0, -hash.length - 1);
    return { name, text: `deploy/${name}` };
  }
  const type = { StatefulSet: 'sts', DaemonSet: 'ds', ReplicaSet: 'rs', Job: 'job' }[owner.kind];
  return type === undefined ? undefined : { name: owner.name, text: `${type}/${owner.name}` };
}

async function nearNames(cluster: Cluster, { kind, namespace, name }: ObjectAddress, signal?: AbortSignal) {
  const nearest = new NearestNames(name);
  const controllers = new Set<string>();
  let seen = 0;
  for await (const page of cluster.list(collectionPath(kind, namespace), { signal, metadataOnly: true })) {
    seen += page.length;
    for (const object of page) {
      nearest.offer(object.metadata.name);
      const controller = kind === 'pod' ? controllerTarget(object) : undefined;
      if (controller?.name === name) controllers.add(controller.text);
    }
  }
  const names = nearest.names().map((near) => (kind === 'pod' ? near : `${shortType(kind)}/${near}`));
  return { seen, suggestions: controllers.size > 0 ? [...controllers] : names };
}

async function namespaceIsMissing(cluster: Cluster, namespace: string, signal?: AbortSignal): Promise<boolean> {
  try {
    await cluster.get(`/api/v1/namespaces/${encodeURIComponent(namespace)}`, { signal });
    return false;
  } catch (error) {
    return error instanceof Failure && error.code === 'notFound';
  }
}

/** A Failure `notFound` for a namespace that does not exist; undefined for others, and where that may not be read. */
export async function missingNamespace(
  cluster: Cluster,
  namespace: string,
  signal?: AbortSignal,
): Promise<Failure | undefined> {
  if (!(await namespaceIsMissing(cluster, namespace, signal))) return undefined;
  return new Failure('notFound', `namespaces "${namespace}" not found`);
}

/** A Failure `notFound` for a selection without objects, in kubectl's words, or for its namespace where that is what is missing. */
export async function nothingFound(
  cluster: Cluster,
  namespace: string,
  hint: string,
  signal?: AbortSignal,
): Promise<Failure> {
  const missing = await missingNamespace(cluster, namespace, signal);
  if (missing !== undefined) return missing;
  return new Failure('notFound', `No resources found in ${namespace} namespace.`, { hint });
}

/** The API server's `not found` with the nearest names that exist, at the price of one list. */
export async function withSuggestions(
  cluster: Cluster,
  address: ObjectAddress,
  failure: Failure,
  signal?: AbortSignal,
): Promise<Failure> {
  const details = { cause: failure, status: failure.status, reason: failure.reason };
  try {
    const { seen, suggestions } = await nearNames(cluster, address, signal);
    if (suggestions.length > 0) {
      return new Failure('notFound', failure.message, {
        ...details,
        hint: `did you mean ${suggestions.join(' or ')}?`,
      });
    }
    if (address.kind !== 'node' && seen === 0 && (await namespaceIsMissing(cluster, address.namespace, signal))) {
      return new Failure('notFound', `namespaces "${address.namespace}" not found`, details);
    }
  } catch {
    // Who may read one object need not be allowed to list them: the answer stands without suggestions.
  }
  const where = address.kind === 'node' ? '' : ` in namespace ${address.namespace}`;
  const hint = failure.hint ?? `there is no ${shortType(address.kind)}/${address.name}${where}`;
  return new Failure('notFound', failure.message, { ...details, hint });
}

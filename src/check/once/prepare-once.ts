// SPDX-License-Identifier: Apache-2.0
import { expectedNodes } from '../../connectivity/expected.js';
import { Failure } from '../../errors/failure.js';
import { requireAccess } from '../../kube/access-review.js';
import type { Access } from '../../kube/access.js';
import type { Cluster } from '../../kube/cluster.js';
import { callerName } from '../../kube/identity.js';
import type { KubeObject, Node } from '../../kube/objects.js';
import { cordonedText } from '../../connectivity/cordoned-nodes.js';
import { newCheckId, type OncePlan, type OnceRequest, type PullSecret } from './once-plan.js';

/** How long an agent may live by its own clock, which may be wrong by hours; the kubelet ends it long before. */
const agentLifeMs = 24 * 60 * 60 * 1000;

interface Secret extends KubeObject {
  type?: string;
  data?: Record<string, string>;
}

const pullSecretTypes = ['kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg'];

async function pullSecret(
  cluster: Cluster,
  { namespace, name }: { namespace: string; name: string },
  signal: AbortSignal,
): Promise<PullSecret> {
  const path = `/api/v1/namespaces/${namespace}/secrets/${name}`;
  const { type, data = {} } = await cluster.get<Secret>(path, { signal });
  if (!pullSecretTypes.includes(type ?? '')) {
    const what = `Secret ${namespace}/${name} is of type ${type ?? 'Opaque'}`;
    throw new Failure('usage', `${what}: no image is pulled with it`, {
      hint: `kubectl create secret docker-registry makes one of type ${pullSecretTypes[0] ?? ''}`,
    });
  }
  return { name, type, data };
}

/**
 * What a check will make, before anything is made. Throws Failure `notFound` where no node is chosen, `usage` for Secrets that
 * cannot be used.
 */
export async function prepareOnce(cluster: Cluster, request: OnceRequest, signal: AbortSignal): Promise<OncePlan> {
  const nodes: Node[] = [];
  const [caller, pullSecrets] = await Promise.all([
    callerName(cluster, { signal }),
    Promise.all(request.pullSecrets.map((secret) => pullSecret(cluster, secret, signal))),
    (async () => {
      for await (const page of cluster.list<Node>('/api/v1/nodes', { signal })) nodes.push(...page);
    })(),
  ]);
  const expected = expectedNodes(nodes, request.selection);
  if (expected.length === 0) {
    throw new Failure('notFound', `none of ${nodes.length} nodes is to be checked`, {
      hint: 'see their labels, taints and states: kubectl get nodes --show-labels; cordoned ones need --include-unschedulable',
    });
  }
  const cordoned = cordonedText(nodes, request.selection);
  const nowMs = Date.now();
  return {
    ...request,
    id: newCheckId(),
    caller,
    nodes: expected,
    warnings: cordoned === undefined ? [] : [cordoned],
    pullSecrets,
    validUntil: new Date(nowMs + request.timeoutMs).toISOString(),
    agentsUntil: new Date(nowMs + request.timeoutMs + agentLifeMs).toISOString(),
  };
}

/** Everywhere, because the namespaces of a check are not there yet. */
function accessesOf({ pullSecrets }: OncePlan): Access[] {
  const verbs = (group: string, resource: string, words: readonly string[]): Access[] =>
    words.map((verb) => ({ verb, ...(group === '' ? {} : { group }), resource }));
  return [
    ...verbs('', 'namespaces', ['create', 'get', 'delete']),
    ...verbs('', 'pods', ['create', 'list', 'watch']),
    ...verbs('', 'services', ['create', 'get', 'list']),
    ...verbs('discovery.k8s.io', 'endpointslices', ['list']),
    { verb: 'get', resource: 'pods', subresource: 'exec' },
    ...(pullSecrets.length > 0 ? verbs('', 'secrets', ['create']) : []),
  ];
}

/** Throws Failure `forbidden` that names all that the caller lacks for a check. */
export function requireOnceAccess(cluster: Cluster, plan: OncePlan, signal: AbortSignal): Promise<void> {
  return requireAccess(cluster, accessesOf(plan), { signal });
}

// SPDX-License-Identifier: Apache-2.0
import pLimit from 'p-limit';
import { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import { abortFailure } from '../../kube/guard.js';
import { pause } from '../../kube/pause.js';
import type { InstalledObject } from '../../installation/installed-object.js';
import { onceAidObjects, onceNamespaceObject } from './once-objects.js';
import { agentKey, onceNamespace, plannedAgents, type OncePlan } from './once-plan.js';
import { requestLimit } from './request-limit.js';
import { oncePodObject } from './once-pod.js';

/** Pods that are created at once. */
const concurrency = 20;
const namespaceLimitMs = 15_000;
/** The controller manager makes a new namespace's ServiceAccount, without which no pod is let in. */
const serviceAccountLimitMs = 20_000;
const serviceAccountEveryMs = 200;
const noServiceAccount = /serviceaccount "?default"? not found/;

const plurals: Readonly<Record<string, string>> = { Service: 'services', Secret: 'secrets', Pod: 'pods' };

/** Creates it; one that is there already is what an answer that was lost had created. */
async function create(cluster: Cluster, object: InstalledObject, signal: AbortSignal): Promise<void> {
  const { namespace = '' } = object.metadata;
  const path = `/api/v1/namespaces/${namespace}/${plurals[object.kind] ?? ''}`;
  try {
    await cluster.create(path, object, { signal });
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.status !== 409 || thrown.reason !== 'AlreadyExists') throw thrown;
  }
}

async function createPod(cluster: Cluster, object: InstalledObject, signal: AbortSignal): Promise<void> {
  const giveUpMs = performance.now() + serviceAccountLimitMs;
  for (;;) {
    try {
      await create(cluster, object, signal);
      return;
    } catch (thrown) {
      const passes = thrown instanceof Failure && noServiceAccount.test(thrown.message);
      if (!passes || performance.now() > giveUpMs) throw thrown;
    }
    await pause(serviceAccountEveryMs, signal);
  }
}

export interface CreateOptions {
  signal: AbortSignal;
  /** Called with the name of a namespace before it is asked for: from then on it has to be removed. */
  onNamespace: (name: string) => void;
}

/**
 * Creates the namespaces, what pods need in them, and the pods. Why a pod could not be created, by its agent's key; throws where
 * none could. What has begun with a namespace is not aborted: it would be there, and nobody would know.
 */
export async function createOnce(
  cluster: Cluster,
  plan: OncePlan,
  { signal, onNamespace }: CreateOptions,
): Promise<Map<string, Failure>> {
  await Promise.all(
    plan.networks.map(async (network) => {
      onNamespace(onceNamespace(plan.id, network));
      await cluster.create('/api/v1/namespaces', onceNamespaceObject(plan, network), {
        signal: requestLimit(namespaceLimitMs),
      });
    }),
  );
  if (signal.aborted) throw abortFailure(signal);
  await Promise.all(onceAidObjects(plan).map((object) => create(cluster, object, signal)));
  const limit = pLimit(concurrency);
  const refused = new Map<string, Failure>();
  const agents = plannedAgents(plan);
  await Promise.all(
    agents.map((agent) =>
      limit(async () => {
        try {
          await createPod(cluster, oncePodObject(plan, agent), signal);
        } catch (thrown) {
          if (signal.aborted) throw abortFailure(signal);
          if (!(thrown instanceof Failure) || thrown.code === 'bug') throw thrown;
          refused.set(agentKey(agent), thrown);
        }
      }),
    ),
  );
  const [first] = refused.values();
  if (first !== undefined && refused.size === agents.length) throw first;
  return refused;
}

// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { agentState } from '../injection/agents/agent-state.js';
import { awaitNoInjection } from '../injection/network-probers/await-injection.js';
import { awaitNoPeers } from '../injection/network-probers/await-no-peers.js';
import { networkProberPath } from '../injection/network-probers/network-prober-object.js';
import { reachedNamespaces } from '../injection/network-probers/reached-namespaces.js';
import { restartOwners } from '../injection/network-probers/restart-owners.js';
import { meshOfPod, selectedPods } from '../injection/network-probers/selected-pods.js';
import { parseNetworkProber } from '../injection/network-prober.js';
import type { Cluster } from '../kube/cluster.js';
import { connectCluster } from '../kube/connect.js';
import { isForbidden } from '../kube/container-events.js';
import type { KubeObject } from '../kube/objects.js';
import { clusterOptions } from './flags/cluster-options.js';
import type { KubernetesFlagValues } from './flags/kubernetes.js';
import { limitRun } from './interruption.js';
import { oneName } from './network-prober-words.js';
import { Progress } from './progress.js';

/** The flags of `inject disable`, as they were parsed. */
export interface InjectDisableFlags extends KubernetesFlagValues {
  restart: boolean;
  timeout: number;
  'no-wait': boolean;
}

/** Who keeps the peer lists, or nobody; those who may not see it wait for the lists alone. */
async function hasController(cluster: Cluster, signal: AbortSignal): Promise<boolean> {
  try {
    const { controller } = await agentState(cluster, signal);
    return (controller?.availableReplicas ?? 0) > 0;
  } catch (thrown) {
    if (isForbidden(thrown)) return true;
    throw thrown;
  }
}

async function readProber(cluster: Cluster, name: string, signal: AbortSignal): Promise<KubeObject> {
  try {
    return await cluster.get<KubeObject>(networkProberPath(cluster.namespace, name), { signal });
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.code !== 'notFound') throw thrown;
    throw new Failure('notFound', `there is no NetworkProber ${name} in namespace ${cluster.namespace}`, {
      hint: 'kubectl get networkprobers -A lists those that there are',
      cause: thrown,
    });
  }
}

/** `inject disable`: deletes a NetworkProber and waits until nobody probes for it. */
export async function injectDisableCommand(words: string[], flags: InjectDisableFlags): Promise<void> {
  const name = oneName(words, 'write it such as: inject disable mesh-rtt');
  const limits = limitRun(undefined);
  const { signal } = limits;
  const progress = new Progress(process.stderr.isTTY);
  const cluster = await connectCluster(clusterOptions(flags));
  try {
    const { namespace } = cluster;
    const parsed = parseNetworkProber(await readProber(cluster, name, signal));
    const namespaces = await reachedNamespaces(cluster, namespace, signal);
    const mesh = `${namespace}/${name}`;
    await cluster.delete(networkProberPath(namespace, name), { signal });
    process.stdout.write(`networkprober.probes.bigmikes.io "${name}" deleted\n`);
    progress.update('waiting until nobody is probed any more');
    if (await hasController(cluster, signal)) await awaitNoPeers(cluster, mesh, namespaces, signal);
    else {
      progress.line('no controller runs that would empty its peer list: probers that know others go on until they end');
    }
    // One that was never valid has put no prober anywhere.
    if (!('prober' in parsed)) return;
    // All pods: labels may have changed since.
    const left = (await selectedPods(cluster, { selector: {} }, namespaces, signal)).filter(
      (pod) => meshOfPod(pod) === mesh,
    );
    if (left.length === 0) return;
    const image = left[0]?.spec.containers[0]?.image ?? '';
    if (flags.restart) {
      await awaitNoInjection(cluster, parsed.prober, { image, signal, progress: () => undefined });
      await restartOwners(cluster, left, {
        timeoutMs: flags.timeout,
        wait: !flags['no-wait'],
        signal,
        say: (line) => progress.line(line),
        progress: (text) => progress.update(text),
      });
    } else {
      const pods =
        left.length === 1
          ? '1 running pod keeps its prober, which probes'
          : `${left.length} running pods keep their prober, which probes`;
      progress.line(`${pods} nobody, until they are made anew (--restart does it)`);
    }
  } finally {
    progress.stop();
    limits.dispose();
    cluster.close();
  }
}

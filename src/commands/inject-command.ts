// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { injectLive } from '../injection/live/inject-live.js';
import { prepareNamespaces } from '../injection/live/prepare-namespaces.js';
import { readWorkloads } from '../injection/live/read-workloads.js';
import { workloadScope } from '../injection/live/workload-words.js';
import type { Cluster } from '../kube/cluster.js';
import { injectionOptions, liveOptions, type InjectFlags } from './inject-flags.js';
import { hasNativeSidecars } from './native-sidecars.js';
import { withCluster } from './with-cluster.js';
import { WorkloadLines } from './workload-lines.js';

/** `inject` of workloads in the cluster. */
export async function injectCommand(words: string[], flags: InjectFlags): Promise<void> {
  if (flags['agents-only']) return agentsOnly(words, flags);
  const scope = workloadScope(words, flags.selector);
  // What is wrong with the flags is said before anything is asked.
  injectionOptions(flags, true);
  await withCluster(flags, async (cluster, signal, progress) => {
    const lines = new WorkloadLines('injected', flags.output, flags['dry-run'], progress);
    progress.update('reading the workloads');
    const workloads = await readWorkloads(cluster, scope, signal);
    const request = {
      ...liveOptions(flags, signal),
      options: injectionOptions(flags, await isNative(cluster, flags, signal)),
      keeper: flags.static ? ('static' as const) : ('controller' as const),
      periodMs: flags.period,
      recreate: flags.recreate,
    };
    await injectLive(cluster, workloads, request, lines.observer);
    progress.stop();
    await lines.end();
  });
}

async function agentsOnly(words: readonly string[], flags: InjectFlags): Promise<void> {
  if (words.length > 0) {
    throw new Failure('usage', 'no workload can be named beside --agents-only', { hint: '-n NAME says the namespace' });
  }
  const options = injectionOptions(flags, true);
  await withCluster(flags, async (cluster, signal, progress) => {
    const say = (line: string) => progress.line(line);
    await prepareNamespaces(cluster, [cluster.namespace], { options, periodMs: flags.period, signal }, { say });
    progress.stop();
    process.stdout.write(`mesh ${flags.mesh} of namespace ${cluster.namespace} is kept\n`);
  });
}

function isNative(cluster: Cluster, flags: InjectFlags, signal: AbortSignal): boolean | Promise<boolean> {
  const { 'native-sidecar': native = 'auto' } = flags;
  return native === 'auto' ? hasNativeSidecars(cluster, signal) : native === 'true';
}

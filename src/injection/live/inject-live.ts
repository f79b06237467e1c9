// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import { podLabel } from '../../kube/pod-eligibility.js';
import { peerListLabel, peerListName } from '../../model/prober.js';
import { ensureAgents } from '../agents/ensure-agents.js';
import { injectWorkload } from '../inject.js';
import { isObject } from '../pod-template.js';
import { proberPorts, type InjectionOptions } from '../sidecar.js';
import { injectionChange } from './change.js';
import { podsOfWorkload } from './new-pods.js';
import { readPeerListMap, requirePeerLists, writePeerListMap, type PeerListKeeper } from './peer-list-map.js';
import { carryOut, rehearse, wordsOf, type LiveObserver, type LiveOptions, type Planned } from './planned.js';
import { portUse, refuseTaken } from './port-use.js';
import { askedPod, refuseOwned } from './recreated-pod.js';
import { writeStaticLists } from './static-lists.js';
import { workloadLabel, type LiveWorkload } from './workload.js';

export interface LiveInjection extends LiveOptions {
  options: Omit<InjectionOptions, 'configMap'>;
  keeper: PeerListKeeper;
  periodMs?: number | undefined;
  /** Whether bare pods are deleted and created again. */
  recreate: boolean;
}

/**
 * Injects workloads of the cluster: everything that can be refused is, before the first change; then the controller where
 * it is not there, the peer lists, the workloads and their new pods. Throws Failure.
 */
export async function injectLive(
  cluster: Cluster,
  workloads: readonly LiveWorkload[],
  request: LiveInjection,
  observer: LiveObserver,
): Promise<void> {
  const { signal, dryRun, keeper, periodMs, options } = request;
  const { mesh } = options;
  const namespaces = [...new Set(workloads.map(({ namespace }) => namespace))];
  const planned = workloads.map((workload) => plan(workload, request));
  observer.progress('asking what would be refused');
  await requirePeerLists(cluster, namespaces, signal);
  await refuseTakenPorts(cluster, workloads, request, observer);
  for (const namespace of namespaces) {
    const map = await readPeerListMap(cluster, mesh, namespace, signal);
    if (keeper === 'static' && map?.metadata.labels?.[peerListLabel] === 'controller') {
      observer.say(
        `warning: the controller keeps the list of mesh ${mesh} in namespace ${namespace}, and with --static nobody does`,
      );
    }
  }
  if (dryRun === 'client') {
    for (const { workload } of planned) observer.done(workload, 'changed');
    return;
  }
  const rehearsed = await rehearse(cluster, planned, signal);
  const write = (namespace: string, isDry: boolean) =>
    writePeerListMap(cluster, { mesh, namespace }, { keeper, periodMs }, { signal, dryRun: isDry });
  for (const namespace of namespaces) await write(namespace, true);
  if (dryRun === 'server') {
    for (const workload of rehearsed) observer.done(workload, 'changed');
    return;
  }
  if (keeper === 'controller') {
    const { agentImage } = options;
    await ensureAgents(cluster, { agentImage, namespaces, webhook: false, say: observer.say, signal });
  }
  for (const namespace of namespaces) await write(namespace, false);
  const undo = (changed: readonly LiveWorkload[]) =>
    `undo it with: kubectl netmachinery uninject ${wordsOf(changed, cluster.namespace)}`;
  await carryOut(cluster, planned, request, observer, undo);
  if (keeper === 'static')
    await writeStaticLists(cluster, namespaces, { mesh, periodMs, wait: request.wait, signal }, observer);
}

function plan(workload: LiveWorkload, { options, recreate }: LiveInjection): Planned {
  const { kind, namespace, object } = workload;
  const injection = { ...options, configMap: peerListName(options.mesh, namespace) };
  if (kind !== 'pod') return { how: 'patch', workload, change: injectionChange(workload, injection) };
  refuseOwned(workload);
  if (!recreate) {
    throw new Failure('usage', `${workloadLabel(workload)} is a bare pod, and a running pod takes no new container`, {
      hint: '--recreate deletes it and creates it again with the prober; --ephemeral adds one for a while',
    });
  }
  const manifest = injectWorkload(askedPod(object, `pod/${workload.name}`), injection);
  return { how: 'recreate', workload, manifest: isObject(manifest) ? manifest : {} };
}

/** The containers of a pod share its network: what a container does not declare, a running pod shows. */
async function refuseTakenPorts(
  cluster: Cluster,
  workloads: readonly LiveWorkload[],
  { options, signal }: LiveInjection,
  { say }: LiveObserver,
): Promise<void> {
  const { ping, metrics } = proberPorts(options);
  await Promise.all(
    workloads.map(async (workload) => {
      const pods = await podsOfWorkload(cluster, workload, signal).catch((thrown: unknown) => {
        if (thrown instanceof Failure && thrown.code === 'forbidden') return [];
        throw thrown;
      });
      const pod = pods.find(
        ({ status, metadata }) => status?.phase === 'Running' && metadata.deletionTimestamp === undefined,
      );
      if (pod === undefined) return;
      const use = await portUse(cluster, pod, [ping, metrics], signal);
      refuseTaken(pod, use, workloadLabel(workload));
      if (use !== 'unknown') return;
      say(`warning: whether something in pod ${podLabel(pod)} listens on port ${ping} or ${metrics} could not be seen`);
    }),
  );
}

// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { agentState } from '../injection/agents/agent-state.js';
import { applyObject, getIfThere } from '../installation/apply-object.js';
import { ensureAgents } from '../injection/agents/ensure-agents.js';
import { awaitInjection } from '../injection/network-probers/await-injection.js';
import { networkProberPath } from '../injection/network-probers/network-prober-object.js';
import { reachedNamespaces } from '../injection/network-probers/reached-namespaces.js';
import { meshOfPod, selectedPods } from '../injection/network-probers/selected-pods.js';
import { restartOwners } from '../injection/network-probers/restart-owners.js';
import type { Cluster } from '../kube/cluster.js';
import { connectCluster } from '../kube/connect.js';
import { isForbidden } from '../kube/container-events.js';
import type { KubeObject, Pod } from '../kube/objects.js';
import { podLabel } from '../kube/pod-eligibility.js';
import { agentImage } from './flags/agents.js';
import { clusterOptions } from './flags/cluster-options.js';
import type { KubernetesFlagValues } from './flags/kubernetes.js';
import { limitRun } from './interruption.js';
import { proberOfFile, proberOfFlags, type NetworkProberFlags, type WantedProber } from './network-prober-words.js';
import { Progress } from './progress.js';

/** The flags of `inject enable`, as they were parsed. */
export interface InjectEnableFlags extends KubernetesFlagValues, NetworkProberFlags {
  restart: boolean;
  timeout: number;
  'no-wait': boolean;
  'agent-image'?: string | undefined;
  'controller-image'?: string | undefined;
  'allow-image'?: string[] | undefined;
  'cert-manager': boolean;
}

interface Work {
  cluster: Cluster;
  flags: InjectEnableFlags;
  signal: AbortSignal;
  progress: Progress;
}

/** How many names a message has room for. */
const shownPods = 5;

/** The image that was asked for; where none was, that of the agents that are installed. Throws Failure `usage`. */
async function imagesOf({ cluster, flags, signal }: Work) {
  const { 'agent-image': asked, 'controller-image': controllerImage } = flags;
  if (asked !== undefined && asked.trim() !== '') return { agentImage: agentImage(flags), controllerImage };
  const { controller } = await agentState(cluster, signal);
  if (controller === undefined || controller.agentImage === '')
    return { agentImage: agentImage(flags), controllerImage };
  return { agentImage: controller.agentImage, controllerImage: controllerImage ?? controller.image };
}

async function apply({ cluster, signal }: Work, { object, prober }: WantedProber): Promise<void> {
  const path = networkProberPath(prober.namespace, prober.name);
  const before = await getIfThere<KubeObject>(cluster, path, signal);
  const after = await applyObject<KubeObject>(cluster, object, { signal });
  const isSame = before?.metadata.resourceVersion === after.metadata.resourceVersion;
  const done = before === undefined ? 'created' : isSame ? 'unchanged' : 'configured';
  process.stdout.write(`networkprober.probes.bigmikes.io/${prober.name} ${done}\n`);
}

/** A dry run needs the right to create pods. */
async function prove({ cluster, signal, progress }: Work, { prober }: WantedProber, image: string): Promise<void> {
  try {
    await awaitInjection(cluster, prober, { image, signal, progress: (text) => progress.update(text) });
    progress.line(`new pods that match get the prober: seen by a dry run in namespace ${prober.namespace}`);
  } catch (thrown) {
    if (!isForbidden(thrown)) throw thrown;
    const { message } = thrown as Failure;
    progress.line(`not seen whether new pods get the prober: the dry run of a pod was refused: ${message}`);
  }
}

function sayWithout(progress: Progress, pods: readonly Pod[]): void {
  const names = pods.slice(0, shownPods).map(podLabel).join(', ') + (pods.length > shownPods ? ', ...' : '');
  const [what, they] =
    pods.length === 1
      ? ['1 running pod matches and has', 'it is']
      : [`${pods.length} running pods match and have`, 'they are'];
  progress.line(`${what} no prober until ${they} made anew: ${names}`);
}

async function enable(work: Work, wanted: WantedProber): Promise<void> {
  const { cluster, flags, signal, progress } = work;
  const { prober } = wanted;
  progress.update('looking for the agents');
  const images = await imagesOf(work);
  const namespaces = await reachedNamespaces(cluster, prober.namespace, signal);
  await ensureAgents(cluster, {
    ...images,
    certificates: flags['cert-manager'] ? 'cert-manager' : undefined,
    allowImages: flags['allow-image'],
    namespaces,
    webhook: true,
    without:
      'somebody who may has to install the agents once (kubectl netmachinery rbac inject-agents); inject --static needs none',
    say: (line) => progress.line(line),
    signal,
  });
  await apply(work, wanted);
  await prove(work, wanted, images.agentImage);
  const pods = await selectedPods(cluster, prober, namespaces, signal);
  const without = pods.filter((pod) => meshOfPod(pod) === undefined);
  if (without.length === 0) return;
  if (flags.restart) {
    await restartOwners(cluster, without, {
      timeoutMs: flags.timeout,
      wait: !flags['no-wait'],
      signal,
      say: (line) => progress.line(line),
      progress: (text) => progress.update(text),
    });
    return;
  }
  sayWithout(progress, without);
  progress.stop();
  process.stderr.write('hint: kubectl rollout restart their workloads, or give --restart\n');
}

/** `inject enable`: words and flags to a NetworkProber that is seen to work. */
export async function injectEnableCommand(words: string[], flags: InjectEnableFlags): Promise<void> {
  const wantedIn = flags.filename === undefined ? proberOfFlags(words, flags) : await proberOfFile(words, flags);
  const limits = limitRun(undefined);
  const progress = new Progress(process.stderr.isTTY);
  const cluster = await connectCluster(clusterOptions(flags));
  try {
    const wanted = wantedIn(cluster.namespace, flags.namespace !== undefined);
    await enable({ cluster, flags, signal: limits.signal, progress }, wanted);
  } finally {
    progress.stop();
    limits.dispose();
    cluster.close();
  }
}

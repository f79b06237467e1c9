// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Pod } from '../kube/objects.js';
import { isProbePod } from '../kube/probe-pod-metadata.js';
import type { Lookup } from '../targets/lookup.js';
import { podDestinations, type FoundDestinations } from '../targets/pod-destinations.js';
import { isReady, podFacts } from '../targets/pod-facts.js';
import type { PortRef } from '../targets/refs.js';
import type { SourcePod } from '../targets/source-pod.js';
import type { ChosenPod } from './suite.js';

/** Whether a pod can stand for its place: it answers from the pod network, and is not one of ours. */
const standsForPlace = (pod: Pod) => pod.spec.hostNetwork !== true && !isProbePod(pod) && isReady(pod);

/** Pods of the pod network that stand for a place, and send nothing themselves: those of the namespace first. */
async function candidates(lookup: Lookup, nodeSelector: string, sources: readonly SourcePod[]): Promise<Pod[]> {
  const fieldSelector = `status.phase=Running,${nodeSelector}`;
  const options = { fieldSelector, signal: lookup.signal };
  const namespace = encodeURIComponent(sources[0]?.namespace ?? lookup.cluster.namespace);
  const senders = new Set(sources.map(({ pod }) => pod.metadata.uid));
  let found: Pod[] = [];
  for (const path of [`/api/v1/namespaces/${namespace}/pods`, '/api/v1/pods']) {
    for await (const page of lookup.cluster.list<Pod>(path, options)) {
      const fit = page.filter((pod) => standsForPlace(pod) && !senders.has(pod.metadata.uid));
      if (fit.some((pod) => tcpPort(pod) !== undefined)) return fit;
      if (found.length === 0) found = fit;
    }
  }
  return found;
}

async function choose(lookup: Lookup, { pod }: ChosenPod, sources: readonly SourcePod[]): Promise<Pod> {
  if (pod.by === 'name') return lookup.object<Pod>({ kind: 'pod', namespace: pod.namespace, name: pod.name });
  const nodes = [...new Set(sources.map(({ node }) => node))];
  const isOther = pod.by === 'anotherNode';
  const nodeSelector = isOther ? nodes.map((node) => `spec.nodeName!=${node}`).join(',') : `spec.nodeName=${pod.node}`;
  const chosen = podOfPlace(await candidates(lookup, nodeSelector, sources));
  if (chosen !== undefined) return chosen;
  const where = isOther ? `another node than ${nodes.join(', ')}` : `node ${pod.node}`;
  throw new Failure('unsupported', `there is no ready pod on ${where}`);
}

function tcpPort(pod: Pod): number | undefined {
  const ports = pod.spec.containers.flatMap(({ ports: declared = [] }) => declared);
  return ports.find(({ protocol = 'TCP' }) => protocol === 'TCP')?.containerPort;
}

/** The first of pods that can stand for the place where they are; undefined where none can. */
export function podOfPlace(pods: readonly Pod[]): Pod | undefined {
  const fit = pods.filter(standsForPlace);
  // A port is needed, and which one a pod listens on is not known of those that declare none.
  return fit.find((each) => tcpPort(each) !== undefined) ?? fit[0];
}

/**
 * A pod that stands for a place (another node is one that no source is on), as a destination of TCP connects, and a note
 * that says which was taken. Throws Failure
 * `unsupported` where there is none, or none of its ports is known.
 */
export async function chosenDestinations(
  lookup: Lookup,
  chosen: ChosenPod,
  sources: readonly SourcePod[],
): Promise<FoundDestinations> {
  return destinationsOfChosen(chosen, await choose(lookup, chosen, sources));
}

/** The pod that was chosen, at the port that the file names or its first one. Throws Failure `unsupported` where it has none. */
export function destinationsOfChosen(chosen: ChosenPod, pod: Pod): FoundDestinations {
  const { namespace = '', name } = pod.metadata;
  const port: PortRef | undefined = chosen.port ?? tcpPort(pod);
  if (port === undefined) {
    throw new Failure('unsupported', `pod ${namespace}/${name} declares no TCP port to connect to`, {
      hint: 'give the destination a port',
    });
  }
  const request = { text: chosen.text, ports: [port], protocol: 'tcp' as const };
  const scope = { verb: 'connect' as const, protocols: ['tcp' as const], families: [4, 6] as const };
  const found = podDestinations(request, [podFacts(pod, [4, 6])], scope);
  const note = `${chosen.text}: pod ${namespace}/${name} on ${pod.spec.nodeName ?? 'no node'} was taken, at port ${port}`;
  return { destinations: found.destinations, notes: [...found.notes, note] };
}

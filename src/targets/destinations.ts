// SPDX-License-Identifier: Apache-2.0
import { asFailure, Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import type { Node, Pod, Service } from '../kube/objects.js';
import { isProbePod } from '../kube/probe-pod-metadata.js';
import { hostDestinations, literalDestinations, nodeDestinations } from './address-destinations.js';
import type { Destination, DestinationScope } from './destination.js';
import { Lookup, type PodQuery } from './lookup.js';
import { nothingFound } from './missing.js';
import type { IpFamily } from './names.js';
import { podDestinations, type FoundDestinations } from './pod-destinations.js';
import { podFacts, type PodFacts } from './pod-facts.js';
import type { DestinationRef, Protocol, TargetVerb, ToSelector } from './refs.js';
import { shortType, type WorkloadKind } from './resource-types.js';
import { withEndpointTraits } from './endpoint-traits.js';
import { serviceDestinations } from './service-destinations.js';
import { asSelectorFailure, unfinishedPods, workloadQueries } from './workload-pods.js';

export interface DestinationOptions {
  verb: TargetVerb;
  /** For words without a protocol of their own; TCP by default. Not for `ping`. */
  protocols?: readonly Protocol[] | undefined;
  /** Both by default: which family of a destination a source uses is decided for each source. */
  families?: readonly IpFamily[] | undefined;
  /** The cluster's own by default; a namespace in the word is stronger. */
  namespace?: string | undefined;
  /** Destination pods by label, beside the words. */
  toSelector?: ToSelector | undefined;
  signal?: AbortSignal | undefined;
  /** Of several resolutions that belong together: each object is read once. */
  lookup?: Lookup | undefined;
}

/** What is asked of the cluster for one word. */
interface Request {
  lookup: Lookup;
  scope: DestinationScope;
  namespace: string;
}

/**
 * Everything that destination words stand for, in their order. All words are looked up at once and each object once.
 * Throws Failure `notFound`, `usage` (a port that a Service or pod does not have) or what the cluster failed with.
 */
export async function resolveDestinations(
  cluster: Cluster,
  refs: readonly DestinationRef[],
  options: DestinationOptions,
): Promise<FoundDestinations> {
  const { verb, protocols = [], families = [4, 6], toSelector, signal } = options;
  const request: Request = {
    lookup: options.lookup ?? new Lookup(cluster, signal),
    scope: { verb, protocols, families },
    namespace: options.namespace ?? cluster.namespace,
  };
  const lookups = refs.map((ref) => oneRef(request, ref));
  if (toSelector !== undefined) lookups.push(bySelector(request, toSelector));
  const settled = await Promise.allSettled(lookups);
  const found = settled.map((outcome) => {
    if (outcome.status === 'rejected') throw asFailure(outcome.reason);
    return outcome.value;
  });
  return {
    destinations: found.flatMap(({ destinations }) => destinations),
    notes: [...new Set(found.flatMap(({ notes }) => notes))],
  };
}

async function oneRef(request: Request, ref: DestinationRef): Promise<FoundDestinations> {
  const { lookup, scope } = request;
  const { target } = ref;
  if (target.kind === 'ip') return withoutNotes(literalDestinations(ref, target, scope));
  if (target.kind === 'host') return withoutNotes(hostDestinations(ref, target.host, scope));
  if (target.kind === 'podOrHost') return podOrHost(request, ref, target.name);
  const address = { ...target, namespace: target.namespace ?? request.namespace };
  switch (target.kind) {
    case 'node':
      return withoutNotes(nodeDestinations(ref, await lookup.object<Node>(address), scope));
    case 'pod':
      return podDestinations(ref, [podFacts(await lookup.object<Pod>(address), scope.families)], scope);
    case 'service': {
      const [service, slices] = await Promise.all([
        lookup.object<Service>(address),
        lookup.slices(address.namespace, address.name),
      ]);
      return withEndpointTraits(lookup, service, serviceDestinations(ref, service, slices, scope));
    }
    default:
      return workload(request, ref, { ...address, kind: target.kind });
  }
}

function withoutNotes(destinations: Destination[]): FoundDestinations {
  return { destinations, notes: [] };
}

async function podOrHost({ lookup, scope, namespace }: Request, ref: DestinationRef, name: string) {
  try {
    const pod = await lookup.peek<Pod>({ kind: 'pod', namespace, name });
    return podDestinations(ref, [podFacts(pod, scope.families)], scope);
  } catch (error) {
    if (!(error instanceof Failure) || !['notFound', 'forbidden'].includes(error.code)) throw error;
    const notes = error.code === 'forbidden' ? [`pods may not be read: ${name} is taken for a host name`] : [];
    return { destinations: hostDestinations(ref, name, scope), notes };
  }
}

async function readPods({ lookup, scope }: Request, queries: readonly PodQuery[]): Promise<PodFacts[]> {
  const pods: PodFacts[] = [];
  for await (const pod of lookup.pods(queries)) {
    // A probe pod has the labels of what is meant, but serves nothing.
    if (pod.metadata.deletionTimestamp === undefined && !isProbePod(pod)) pods.push(podFacts(pod, scope.families));
  }
  return pods;
}

async function workload(
  request: Request,
  ref: DestinationRef,
  object: { kind: WorkloadKind; namespace: string; name: string },
): Promise<FoundDestinations> {
  const pods = await readPods(request, await workloadQueries(request.lookup, object));
  if (pods.length > 0) return podDestinations(ref, pods, request.scope);
  return withoutNotes([
    {
      ref: ref.text,
      kind: 'pod',
      role: 'pod',
      namespace: object.namespace,
      family: request.scope.families[0] ?? 4,
      emptyReason: 'NoEndpoints',
      emptyMessage: `${shortType(object.kind)}/${object.name} has no pods in namespace ${object.namespace}`,
    },
  ]);
}

async function bySelector(request: Request, toSelector: ToSelector): Promise<FoundDestinations> {
  const { lookup, namespace, scope } = request;
  const { selector, text } = toSelector;
  const query = { namespace, labelSelector: selector, fieldSelector: unfinishedPods };
  const pods = await readPods(request, [query]).catch((error: unknown) => {
    throw asSelectorFailure(error, selector);
  });
  if (pods.length === 0) {
    throw await nothingFound(lookup.cluster, namespace, `no pod matches --to-selector ${text}`, lookup.signal);
  }
  return podDestinations(toSelector, pods, scope);
}

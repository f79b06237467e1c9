// SPDX-License-Identifier: Apache-2.0
import { asFailure, Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import type { Pod } from '../kube/objects.js';
import { Lookup } from './lookup.js';
import { isDnsSubdomain, type IpFamily } from './names.js';
import { noPods, noReadyPods } from './no-sources.js';
import { isReady } from './pod-facts.js';
import { quote } from './quote.js';
import type { ObjectSource, SourceSpec } from './refs.js';
import { candidates, readyPodNames, type PodSpec, type SourceRequest } from './source-candidates.js';
import { SourceChoice, type Rank, type SourceMode } from './source-choice.js';
import { sourcePod, type SourcePod } from './source-pod.js';
import { asSelectorFailure } from './workload-pods.js';

export interface SourceOptions {
  mode?: SourceMode | undefined;
  /** More pods are refused; 10 by default. */
  maxPods?: number | undefined;
  /** Only pods on this node. */
  fromNode?: string | undefined;
  /** The cluster's own by default; a namespace in the word is stronger. */
  namespace?: string | undefined;
  /** In [0, 1), for `random`. */
  random?: (() => number) | undefined;
  families?: readonly IpFamily[] | undefined;
  signal?: AbortSignal | undefined;
  /** Of several resolutions that belong together: each object is read once. */
  lookup?: Lookup | undefined;
}

/**
 * The pods that a source stands for, ready ones first, then by name. Throws Failure `notFound` where there is none and
 * `usage` where there are more than `maxPods` or fewer than asked for.
 */
export async function resolveSources(
  cluster: Cluster,
  spec: SourceSpec,
  options: SourceOptions = {},
): Promise<SourcePod[]> {
  const { mode = 'one', maxPods = 10, random = Math.random, families = [4, 6], signal } = options;
  if (options.fromNode !== undefined && !isDnsSubdomain(options.fromNode)) {
    throw new Failure('usage', `${quote(options.fromNode)} can not be the name of a node`);
  }
  const { lookup = new Lookup(cluster, signal) } = options;
  const ownNamespace = spec.kind === 'selector' ? undefined : spec.namespace;
  const namespace = ownNamespace ?? options.namespace ?? cluster.namespace;
  const request = { lookup, namespace, fromNode: options.fromNode };
  const choice = <T>() => new SourceChoice<T>(spec.text, mode, maxPods, random);
  const pods =
    spec.kind === 'service'
      ? await servicePods(request, spec, choice<string>())
      : await matchingPods(request, spec, choice<Pod>());
  return pods.map((pod) => sourcePod(pod, families));
}

/** Which pods are taken first. */
export function rankOf(pod: Pod): Rank {
  if (pod.status?.phase !== 'Running') return 2;
  return isReady(pod) ? 0 : 1;
}

async function matchingPods(request: SourceRequest, spec: PodSpec, choice: SourceChoice<Pod>): Promise<Pod[]> {
  try {
    for await (const pod of candidates(request, spec)) {
      choice.offer({ name: pod.metadata.name, rank: rankOf(pod), value: pod });
    }
  } catch (error) {
    throw spec.kind === 'selector' ? asSelectorFailure(error, spec.selector) : asFailure(error);
  }
  if (choice.total === 0) throw await noPods(request, spec);
  return choice.chosen();
}

async function servicePods(request: SourceRequest, spec: ObjectSource, choice: SourceChoice<string>): Promise<Pod[]> {
  for (const name of await readyPodNames(request, spec)) choice.offer({ name, rank: 0, value: name });
  if (choice.total === 0) throw await noReadyPods(request, spec);
  const { lookup, namespace } = request;
  return Promise.all(choice.chosen().map((name) => lookup.object<Pod>({ kind: 'pod', namespace, name })));
}

// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Service } from '../kube/objects.js';
import { formatSelector } from './label-selectors.js';
import type { Lookup } from './lookup.js';
import type { FoundDestinations } from './pod-destinations.js';
import { podTraits, type PodTraits } from './pod-facts.js';

/** Behind more endpoints than this no pods are read: whole pods are large, and what they would tell is an extra. */
const maxPods = 100;

/**
 * Adds to a Service's destinations what its pods' manifests say about them, by one list request for the pods that it selects.
 * They are extras: where those may not be listed, or nothing or too much is selected, the destinations stay as they are.
 */
export async function withEndpointTraits(
  lookup: Lookup,
  { metadata, spec }: Service,
  found: FoundDestinations,
): Promise<FoundDestinations> {
  const labelSelector = formatSelector({ matchLabels: spec.selector ?? {} });
  const pods = new Set(found.destinations.flatMap(({ pod }) => (pod === undefined ? [] : [pod.name])));
  if (labelSelector === undefined || pods.size === 0 || pods.size > maxPods) return found;
  const byName = new Map<string, PodTraits>();
  try {
    for await (const pod of lookup.pods([{ namespace: metadata.namespace ?? '', labelSelector }])) {
      byName.set(pod.metadata.name, podTraits(pod));
    }
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.code === 'bug' || thrown.code === 'interrupted') throw thrown;
    return found;
  }
  // What is dialled by the virtual address may be any of them.
  const ofAny = [...byName.values()].reduce((all, traits) => ({ ...all, ...traits }), {});
  return {
    ...found,
    destinations: found.destinations.map((destination) => {
      const traits = destination.role === 'virtual' ? ofAny : byName.get(destination.pod?.name ?? '');
      return traits === undefined ? destination : { ...destination, traits };
    }),
  };
}

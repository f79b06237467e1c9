// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { parseNetwork } from './parse-network.js';
import { restOf, type Section } from './parse-sections.js';
import { kernelFeatures, type KernelFeature, type PodInspection } from './pod-network.js';

function featureOf(word: string | undefined): KernelFeature | undefined {
  return kernelFeatures.find((feature) => feature === word);
}

/**
 * Reads what remote/inspect.sh prints. Throws Failure `tool` where nothing could be tried at all, because the container
 * may not change the network.
 */
export function parseInspection(sections: readonly Section[], hosts: readonly string[]): PodInspection {
  const untried = restOf(sections, 'untried');
  if (untried !== undefined) {
    throw new Failure('tool', `the tool container may not change the pod's network: ${untried}`, {
      reason: 'ToolContainerFailed',
      hint: 'shaping needs uid 0 and NET_ADMIN in effect; a policy or a runtime of the cluster may take them away',
    });
  }
  const supports = new Set<KernelFeature>();
  const missing = new Map<KernelFeature, string>();
  for (const { name, rest } of sections) {
    const [word = '', ...words] = rest.split(' ');
    const feature = featureOf(word);
    if (name === 'has' && feature !== undefined) supports.add(feature);
    if (name === 'lacks' && feature !== undefined) missing.set(feature, words.join(' '));
  }
  return { ...parseNetwork(sections), supports, missing, hosts: parseHosts(sections, hosts) };
}

/** Reads what remote/resolve.sh prints: the addresses of each name, none where it has none. */
export function parseHosts(sections: readonly Section[], hosts: readonly string[]): Map<string, readonly string[]> {
  const found = sections.filter(({ name }) => name === 'host').map(({ rest }) => rest.split(' '));
  return new Map([
    ...hosts.map((host): [string, string[]] => [host, []]),
    ...found.map(([host = '', ...addresses]): [string, string[]] => [host, addresses]),
  ]);
}

// SPDX-License-Identifier: Apache-2.0
import type { Node } from '../kube/objects.js';
import { formatCidr, parseCidr } from './cidr.js';

/**
 * The addresses that a node speaks to its own pods from, so that a limited shape can exempt them and probes live: its own,
 * the pod's default gateways, and the two that network plugins give the node's end of its pod network (the first address
 * of each `podCIDRs`, or the network's own where the gateway is not in it).
 */
export function nodeAddresses({ spec, status }: Node, gateways: readonly string[]): string[] {
  const own = (status?.addresses ?? [])
    .filter(({ type }) => type === 'InternalIP' || type === 'ExternalIP')
    .map(({ address }) => address);
  const ends = (spec?.podCIDRs ?? []).flatMap((cidr) => {
    const { words, ...network } = parseCidr(cidr);
    const first = words.map((word, index) => (index === words.length - 1 ? word + 1 : word));
    return [words, first].map((address) => formatCidr({ ...network, words: address }).replace(/\/.*/, ''));
  });
  return [...new Set([...own, ...gateways, ...ends])];
}

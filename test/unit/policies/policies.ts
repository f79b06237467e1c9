// SPDX-License-Identifier: Apache-2.0
import type { NetworkPolicy } from '../../../src/kube/objects.js';
import type { AddressParty, Connection, NodeParty, PodParty, PolicyFacts } from '../../../src/policies/connection.js';

type Labels = Record<string, string>;

/** A policy of `shop` for all its pods, but for what is said otherwise. */
export function policy(spec: NetworkPolicy['spec'], name = 'p', namespace = 'shop'): NetworkPolicy {
  return { metadata: { name, namespace }, spec: { podSelector: {}, ...spec } };
}

/** A pod of `shop` on node1 with ports http (TCP 8080), dns (UDP 53) and also http (UDP 8081). */
export function pod(name: string, labels: Labels = { app: name }, more: Partial<PodParty> = {}): PodParty {
  const ports = [
    { name: 'http', port: 8080, protocol: 'tcp' as const },
    { name: 'dns', port: 53, protocol: 'udp' as const },
    { name: 'http', port: 8081, protocol: 'udp' as const },
  ];
  const facts = { labels, ports };
  return { kind: 'pod', namespace: 'shop', name, address: '198.19.0.4', node: 'node1', facts, ...more };
}

export const client = pod('client', { app: 'client' }, { address: '198.19.0.9' });
export const api = pod('api');

export function node(name: string, address = '198.18.0.1'): NodeParty {
  return { kind: 'node', name, address, node: name };
}

/** Known to be of no pod and no Service. */
export function outside(address: string): AddressParty {
  return { kind: 'address', address };
}

/** From `client` to TCP 8080 of `api`, but for what is said otherwise. */
export function connection(more: Partial<Connection> = {}): Connection {
  return { source: client, destination: api, protocol: 'tcp', port: 8080, ...more };
}

/** All that there is: these policies, and namespaces `shop` (team=a) and `bank` (team=b). */
export function facts(...policies: NetworkPolicy[]): PolicyFacts {
  const labels: Record<string, Labels> = {
    shop: { 'kubernetes.io/metadata.name': 'shop', team: 'a' },
    bank: { 'kubernetes.io/metadata.name': 'bank', team: 'b' },
  };
  return {
    policies: (namespace) => policies.filter(({ metadata }) => metadata.namespace === namespace),
    namespaceLabels: (namespace) => labels[namespace],
  };
}
